package playground

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// maxUpload bounds what the workspace takes in one file.
const maxUpload = 128 << 20

// Upload writes a message that is a file, and returns the file's id. The bot
// hears of it as Slack tells it: a message of subtype file_share.
// https://docs.slack.dev/reference/events/message/file_share
func (p *Person) Upload(_ context.Context, channel, threadTS, name string, data []byte) (string, error) {
	s := p.s
	s.mu.Lock()
	defer s.mu.Unlock()
	ch, err := p.channel(channel)
	switch {
	case err != nil:
		return "", fmt.Errorf("upload: %w", err)
	case ch.archived:
		return "", fmt.Errorf("upload: channel %s is archived", channel)
	case name == "" || path.Base(name) != name || len(data) == 0 || len(data) > maxUpload:
		return "", errors.New("upload: a file needs a name and something in it")
	}
	if err := checkThread(ch, threadTS); err != nil {
		return "", fmt.Errorf("upload: %w", err)
	}
	p.join(ch)
	f := s.addFile(p.id, name, data)
	s.share(ch, f, &message{user: p.id, threadTS: threadTS})
	return f.id, nil
}

// share posts a message with a file and tells the bot of it. The caller holds mu.
func (s *Server) share(ch *channel, f *file, m *message) {
	m.subtype, m.files = "file_share", []*file{f}
	f.channels[ch.ID] = true
	s.post(ch, m)
	if m.user != s.cfg.BotUser.ID {
		s.tellOfMessage(ch, m)
	}
}

// Attach chooses a file in a file_input of the modal on top, beside those that
// are chosen already. What Slack's client does not take is an error.
func (p *Person) Attach(_ context.Context, viewID, blockID, actionID, name string, data []byte) error {
	s := p.s
	s.mu.Lock()
	defer s.mu.Unlock()
	at, err := p.find(Ref{Type: "view", ViewID: viewID})
	if err != nil {
		return fmt.Errorf("attach: %w", err)
	}
	_, el := findElement(at.blocks, blockID, actionID)
	if el["type"] != "file_input" {
		return fmt.Errorf("attach %s/%s: no file_input", blockID, actionID)
	}
	state, _ := stateOf(at.blocks, at.v.typed)[blockID][actionID].(object)
	if complaint := complainFile(el, name, len(data)); complaint != "" {
		return errors.New("attach: " + complaint)
	}
	files := append(array(state["files"]), s.wireFile(s.addFile(p.id, name, data)))
	if complaint := complainFiles(el, files); complaint != "" {
		return errors.New("attach: " + complaint)
	}
	at.v.remember(values{blockID: {actionID: object{"type": "file_input", "files": files}}})
	s.showViews(p.id)
	return nil
}

// private keeps a file that the person has chosen in a form and returns its
// object.
func (p *Person) private(name string, data []byte) (object, error) {
	if err := p.member(); err != nil {
		return nil, err
	}
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	if name == "" || len(data) == 0 || len(data) > maxUpload {
		return nil, errors.New("a file needs a name and something in it")
	}
	return object{"file": p.s.wireFile(p.s.addFile(p.id, name, data))}, nil
}

// Delete deletes a file of the person's own: its messages stay, empty of it.
func (p *Person) Delete(fileID string) error {
	s := p.s
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[fileID]
	if f == nil || f.user != p.id {
		return fmt.Errorf("delete: %q is no file of %s", fileID, p.id)
	}
	f.deleted, f.data = true, nil
	for _, ch := range s.channels {
		for _, m := range ch.messages {
			for _, of := range m.files {
				if of == f {
					s.announce(ch, m, "message_changed")
				}
			}
		}
	}
	return nil
}

// Download returns the content of a file in a message that the person can see.
func (p *Person) Download(fileID string) ([]byte, error) {
	s := p.s
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[fileID]
	if f == nil || f.deleted {
		return nil, fmt.Errorf("download: no file %q", fileID)
	}
	for _, ch := range s.channels {
		if f.channels[ch.ID] && s.sees(p.id, ch) {
			return f.data, nil
		}
	}
	return nil, fmt.Errorf("download: file %q is not visible to %s", fileID, p.id)
}

// filesGetUploadURL: https://docs.slack.dev/reference/methods/files.getUploadURLExternal
func (s *Server) filesGetUploadURL(c *call) (object, error) {
	name := c.str("filename")
	length, err := strconv.Atoi(c.str("length"))
	if name == "" {
		return nil, &apiError{code: "invalid_arguments", messages: []string{"[ERROR] missing required field: filename"}}
	}
	if err != nil || length <= 0 {
		return nil, &apiError{code: "invalid_arguments", messages: []string{"[ERROR] missing required field: length"}}
	}
	if length > maxUpload {
		return nil, refuse("file_upload_size_restricted")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.addFile(s.cfg.BotUser.ID, name, nil)
	f.taken, f.length = false, length
	token := newID("") + newID("")
	s.uploads[token] = f
	return object{"upload_url": c.host + "/upload/v1/" + token, "file_id": f.id}, nil
}

// serveUpload takes the bytes of an upload, in a form or as they are, once.
func (s *Server) serveUpload(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxUpload)
	data, err := uploaded(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.uploads[r.PathValue("token")]
	switch {
	case f == nil:
		http.Error(w, "no such upload", http.StatusNotFound)
	case err != nil || len(data) != f.length:
		http.Error(w, fmt.Sprintf("got %d bytes of %d", len(data), f.length), http.StatusBadRequest)
	default:
		delete(s.uploads, r.PathValue("token"))
		f.data, f.taken = data, true
		fmt.Fprintf(w, "OK - %d", len(data))
	}
}

func uploaded(r *http.Request) ([]byte, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		return io.ReadAll(r.Body)
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, err
	}
	for {
		part, err := parts.NextPart()
		if err != nil {
			return nil, err
		}
		if part.FileName() != "" {
			return io.ReadAll(part)
		}
	}
}

// filesCompleteUpload shares what was uploaded, once.
// https://docs.slack.dev/reference/methods/files.completeUploadExternal
func (s *Server) filesCompleteUpload(c *call) (object, error) {
	raw, _, err := c.value("files")
	list := array(raw)
	if err != nil || len(list) == 0 {
		return nil, &apiError{code: "invalid_arguments", messages: []string{"[ERROR] missing required field: files"}}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var files []*file
	for _, item := range list {
		o, _ := item.(object)
		id, _ := o["id"].(string)
		f := s.files[id]
		if f == nil || f.user != s.cfg.BotUser.ID || !f.taken || f.length == 0 {
			return nil, refuse("file_not_found") // unknown, without its bytes, or completed before
		}
		if title, ok := o["title"].(string); ok && title != "" {
			f.title = title
		}
		files = append(files, f)
	}
	channels, err := s.sharedIn(c)
	if err != nil {
		return nil, err
	}
	for _, ch := range channels {
		m := &message{user: s.cfg.BotUser.ID, text: c.str("initial_comment"), threadTS: c.str("thread_ts"), subtype: "file_share", files: files}
		for _, f := range files {
			f.channels[ch.ID] = true
		}
		s.post(ch, m)
	}
	all := []object{}
	for _, f := range files {
		f.length = 0
		all = append(all, s.wireFile(f))
	}
	return object{"files": all}, nil
}

// sharedIn returns the channels that an upload is shared in; none leaves it
// the bot's own. The caller holds mu.
func (s *Server) sharedIn(c *call) ([]*channel, error) {
	var ids []string
	if id := c.str("channel_id"); id != "" {
		ids = []string{id}
	}
	if list := c.str("channels"); list != "" {
		ids = append(ids, strings.Split(list, ",")...)
	}
	if c.str("thread_ts") != "" && len(ids) != 1 || len(ids) > 100 {
		return nil, refuse("invalid_arguments")
	}
	var all []*channel
	for _, id := range ids {
		ch, err := s.botsOwn(id)
		if err == nil && ch.archived {
			err = refuse("is_archived")
		}
		if err == nil {
			err = checkThread(ch, c.str("thread_ts"))
		}
		if err != nil {
			return nil, err
		}
		all = append(all, ch)
	}
	return all, nil
}
