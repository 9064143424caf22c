package playground

import (
	"fmt"
	"html"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"
)

// maxInputFile is the size of a file that a file_input takes, in bytes.
// https://docs.slack.dev/reference/block-kit/block-elements/file-input-element
const maxInputFile = 10 << 20

// file is a file in the workspace. https://docs.slack.dev/reference/objects/file-object
type file struct {
	id, name, title string
	user            string // whose it is
	data            []byte
	created         time.Time
	length          int             // announced by an upload that is not complete
	taken           bool            // its bytes came
	channels        map[string]bool // it was shared in
	handed          bool            // to the bot, with a form
	deleted         bool
}

// File is a file as a person sees it in a message.
type File struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Size    int    `json:"size"` // bytes
	Type    string `json:"filetype"`
	User    string `json:"user"`
	Deleted bool   `json:"deleted"`
}

func (f *file) shown() File {
	return File{ID: f.id, Name: f.name, Size: len(f.data), Type: filetype(f.name), User: f.user, Deleted: f.deleted}
}

// fileTypes are the kinds of files that Slack tells apart, those of programs'
// texts left out. https://docs.slack.dev/reference/objects/file-object#types
var fileTypes = strings.Fields(`ai apk bmp csv css doc docx dotx email eps epub flv gif go gzip html indd java javascript jpg json keynote
	m4a markdown mhtml mkv mov mp3 mp4 mpg numbers odg odi odp ods odt ogg ogv pages pdf php png ppt pptx psd python rtf sql svg swf tar
	text tiff tsv txt vcard wav webm wmv xls xlsx xlsb xlsm xltx xml yaml zip`)

// filetype is Slack's name for the kind of a file, by its ending.
// https://docs.slack.dev/reference/objects/file-object#types
func filetype(name string) string {
	ending := strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
	switch ending {
	case "":
		return "binary"
	case "jpeg":
		return "jpg"
	case "txt":
		return "text"
	}
	return ending
}

// addFile keeps a new file. The caller holds mu.
func (s *Server) addFile(user, name string, data []byte) *file {
	f := &file{id: newID("F"), name: name, title: name, user: user, data: data, taken: true, created: s.Now(), channels: map[string]bool{}}
	s.files[f.id] = f
	return f
}

// wireFile is the file object of the Web API and of events.
func (s *Server) wireFile(f *file) object {
	if f.deleted {
		return object{"id": f.id, "mode": "tombstone"}
	}
	kind := filetype(f.name)
	mimetype, _, _ := mime.ParseMediaType(mime.TypeByExtension(path.Ext(f.name)))
	if mimetype == "" {
		mimetype = "application/octet-stream"
	}
	place := s.teamID + "-" + f.id
	download := s.baseURL() + "/files-pri/" + place + "/download/" + url.PathEscape(f.name)
	return object{
		"id": f.id, "created": f.created.Unix(), "timestamp": f.created.Unix(), "name": f.name, "title": f.title, "user": f.user,
		"user_team": s.teamID, "mimetype": mimetype, "filetype": kind, "pretty_type": strings.ToUpper(kind), "size": len(f.data),
		"mode": "hosted", "is_external": false, "external_type": "", "editable": false, "is_public": false, "public_url_shared": false,
		"url_private": s.baseURL() + "/files-pri/" + place + "/" + url.PathEscape(f.name), "url_private_download": download,
		"permalink": s.baseURL() + "/files/" + f.user + "/" + f.id + "/" + url.PathEscape(strings.ToLower(f.name)),
	}
}

// wireFiles are the files of a message. To an app that may not read files
// they show no more than that they are there. The caller holds mu.
func (s *Server) wireFiles(files []*file) []object {
	all := make([]object, 0, len(files))
	for _, f := range files {
		o := s.wireFile(f)
		if s.lacks("files:read") != nil {
			o = object{"id": f.id, "file_access": "check_file_info"}
		}
		all = append(all, o)
	}
	return all
}

// botSees tells whether a file is the bot's, was shared where the bot is, or
// came to it with a form. The caller holds mu.
func (s *Server) botSees(f *file) bool {
	if f.user == s.cfg.BotUser.ID || f.handed {
		return true
	}
	return slices.ContainsFunc(s.channels, func(ch *channel) bool { return f.channels[ch.ID] && ch.members[s.cfg.BotUser.ID] })
}

// filesInfo: https://docs.slack.dev/reference/methods/files.info
func (s *Server) filesInfo(c *call) (object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[c.str("file")]
	switch {
	case f == nil || !f.taken || !s.botSees(f):
		return nil, refuse("file_not_found")
	case f.deleted:
		return nil, refuse("file_deleted")
	}
	return object{"file": s.wireFile(f), "comments": []object{}, "response_metadata": object{"next_cursor": ""}}, nil
}

// serveDownload hands out a file to the bot's token; anybody else is sent to
// the sign-in page, as files.slack.com does.
// https://docs.slack.dev/messaging/working-with-files
func (s *Server) serveDownload(w http.ResponseWriter, r *http.Request) {
	token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	_, id, _ := strings.Cut(r.PathValue("place"), "-")
	s.mu.Lock()
	f := s.files[id]
	ok := bearer && s.admit(token, botToken) == nil && s.lacks("files:read") == nil && f != nil && s.botSees(f)
	gone := ok && f.deleted
	s.mu.Unlock()
	switch {
	case !ok:
		http.Redirect(w, r, "/signin?redir="+url.QueryEscape(r.URL.EscapedPath()), http.StatusFound)
	case gone:
		http.Error(w, "file not found", http.StatusNotFound)
	default:
		s.sendFile(w, f)
	}
}

func (s *Server) sendFile(w http.ResponseWriter, f *file) {
	kind, _ := s.wireFile(f)["mimetype"].(string)
	w.Header().Set("Content-Type", kind)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.name}))
	_, _ = w.Write(f.data) // the caller has gone: nobody is left to tell
}

func serveSignIn(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in to see %s</body></html>",
		html.EscapeString(r.FormValue("redir")))
}

// serveFile hands out a file to the page of a person who can see it.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	user := r.FormValue("user")
	s.mu.Lock()
	f := s.files[r.FormValue("id")]
	ok := f != nil && !f.deleted && (f.user == user || slices.ContainsFunc(s.channels, func(ch *channel) bool {
		return f.channels[ch.ID] && s.sees(user, ch)
	}))
	s.mu.Unlock()
	if !ok {
		http.Error(w, "no such file", http.StatusNotFound)
		return
	}
	s.sendFile(w, f)
}

// ownFiles puts the workspace's own objects in the place of files that a page
// named, and leaves out what is not the person's. The caller holds mu.
func (s *Server) ownFiles(user string, given values) values {
	for _, block := range given {
		for _, v := range block {
			state, _ := v.(object)
			if _, ok := state["files"]; !ok {
				continue
			}
			own := []any{}
			for _, item := range array(state["files"]) {
				o, _ := item.(object)
				id, _ := o["id"].(string)
				if f := s.files[id]; f != nil && f.user == user && !f.deleted {
					own = append(own, s.wireFile(f))
				}
			}
			state["files"] = own
		}
	}
	return given
}

// handFiles lets the bot read the files of a form that is submitted. The
// caller holds mu.
func (s *Server) handFiles(v *view) {
	for _, block := range stateOf(v.Blocks, v.typed) {
		for _, value := range block {
			state, _ := value.(object)
			for _, item := range array(state["files"]) {
				o, _ := item.(object)
				id, _ := o["id"].(string)
				if f := s.files[id]; f != nil {
					f.handed = true
				}
			}
		}
	}
}

// complainFiles is what Slack's client says of files that a file_input does
// not take. Endings are looked at for convenience only: an app has to look again.
func complainFiles(el object, files []any) string {
	if most := limit(el["max_files"], 10); len(files) > most {
		return fmt.Sprintf("Please choose no more than %d files.", most)
	}
	for _, item := range files {
		o, _ := item.(object)
		name, _ := o["name"].(string)
		if complaint := complainFile(el, name, limit(o["size"], 0)); complaint != "" {
			return complaint
		}
	}
	return ""
}

func complainFile(el object, name string, size int) string {
	allowed := array(el["filetypes"])
	if len(allowed) > 0 && !slices.ContainsFunc(allowed, func(t any) bool { s, _ := t.(string); return filetype("x."+s) == filetype(name) }) {
		return fmt.Sprintf("%s is not of a kind that can be added here.", name)
	}
	if size > maxInputFile {
		return fmt.Sprintf("%s is larger than 10 MB.", name)
	}
	return ""
}
