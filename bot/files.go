package bot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackutilsx"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/reporting"
)

// Scopes of files (https://docs.slack.dev/reference/scopes).
const (
	readScope  = "files:read"
	writeScope = "files:write"
)

// maxFiles is how many files one field or one message may hold
// (https://docs.slack.dev/reference/block-kit/block-elements/file-input-element).
const maxFiles = 10

// File describes a file that the bot may read. Errors: as commands.Files.
func (b *Bot) File(ctx context.Context, id string) (commands.File, error) {
	var f *slack.File
	err := again(ctx, func() (err error) {
		f, _, _, err = b.api.GetFileInfoContext(ctx, id, 1, 1)
		return err
	})
	if err != nil {
		return commands.File{}, fileError(err, readScope)
	}
	if f.Mode == "tombstone" {
		return commands.File{}, reporting.Fail(reporting.NotFound, "err.file.gone")
	}
	return fileOf(*f), nil
}

func fileOf(f slack.File) commands.File {
	return commands.File{
		ID: f.ID, Name: f.Name, Size: f.Size, Type: strings.ToLower(f.Filetype), Link: f.Permalink, Address: f.URLPrivateDownload,
	}
}

// Content returns what is in a file. Errors: as commands.Files.
func (b *Bot) Content(ctx context.Context, f commands.File) ([]byte, error) {
	var content bytes.Buffer
	err := again(ctx, func() error {
		content.Reset()
		return b.api.GetFileContext(ctx, f.Address, &content)
	})
	if err != nil {
		return nil, fileError(err, readScope)
	}
	if content.Len() != f.Size {
		return nil, &reporting.Error{Code: reporting.Unavailable, Key: "err.file.slack",
			Err: fmt.Errorf("file has %d bytes, got %d", f.Size, content.Len())}
	}
	return content.Bytes(), nil
}

// fileError says what kept a file from being read or uploaded.
func fileError(err error, scope string) error {
	var refused slack.SlackErrorResponse
	switch {
	case errors.As(err, &refused) && refused.Err == "missing_scope":
		return missing(scope)
	case errors.As(err, &refused) && (refused.Err == "file_not_found" || refused.Err == "file_deleted"):
		return reporting.Fail(reporting.NotFound, "err.file.gone")
	case codeOf(err) == "http_404":
		return reporting.Fail(reporting.NotFound, "err.file.gone")
	case strings.Contains(err.Error(), "sign-in page"):
		return reporting.Fail(reporting.Forbidden, "err.file.closed", "scope", scope)
	}
	return &reporting.Error{Code: reporting.Unavailable, Key: "err.file.slack", Err: errors.New(codeOf(err))}
}

func missing(scope string) *reporting.Error {
	return reporting.Fail(reporting.Forbidden, "err.scope", "scope", scope)
}

// upload brings a file to a person's direct messages, into the thread in which it
// was asked for there, with a line about it.
func (b *Bot) upload(ctx context.Context, to target, f commands.Attachment, about string) error {
	channel, err := b.open(ctx, to.user)
	if err != nil {
		return fileError(err, writeScope)
	}
	thread := ""
	if channel == to.channel {
		thread = to.thread
	}
	err = again(ctx, func() error {
		_, err := b.api.UploadFileContext(ctx, slack.UploadFileParameters{
			Filename: f.Name, Title: f.Name, FileSize: len(f.Data), Reader: bytes.NewReader(f.Data),
			Channel: channel, ThreadTimestamp: thread, InitialComment: slackutilsx.EscapeMessage(about),
		})
		return err
	})
	if err != nil {
		return fileError(err, writeScope)
	}
	return nil
}

// scopesFor is how long a scope that is missing is taken to be so: the app may
// have been installed again.
const scopesFor = time.Minute

// lacks reports whether Slack has said that the bot's token is not granted a
// scope. Where it says nothing, the call itself will show.
func (b *Bot) lacks(ctx context.Context, scope string) bool {
	b.self.mu.Lock()
	defer b.self.mu.Unlock()
	has := func() bool { return len(b.self.scopes) == 0 || b.self.scopes[scope] }
	if has() || b.cfg.Now().Sub(b.self.at) < scopesFor {
		return !has()
	}
	ctx, cancel := context.WithTimeout(ctx, localeFetch)
	defer cancel()
	if err := b.introduce(ctx); err != nil {
		b.log.Warn("scopes not read", "reason", codeOf(err))
	}
	return !has()
}

// modal draws a form; a field for files that Slack would refuse says why it
// cannot be filled in.
func (b *Bot) modal(ctx context.Context, f *commands.Form) (*slack.ModalViewRequest, error) {
	drawn := *f
	drawn.Fields = nil
	for _, field := range f.Fields {
		if field.Kind == commands.FileField && b.lacks(ctx, readScope) {
			text, _ := b.words.Explain(f.Locale, missing(readScope), "")
			field = commands.Field{ID: field.ID, Kind: commands.InfoField, Text: []commands.Span{
				commands.Bold(field.Label), commands.Plain(" " + text),
			}}
		}
		drawn.Fields = append(drawn.Fields, field)
	}
	return modal(&drawn)
}

// filteredTypes are the endings that Slack is known to filter by, of those in
// https://docs.slack.dev/reference/objects/file-object#types.
var filteredTypes = strings.Fields("csv doc docx gif jpg mp4 odp ods odt pdf png ppt pptx rtf tiff xls xlsx xml zip")

// fileInput draws a field for files. Slack's filter is for convenience only, and
// it is not told what it does with endings that it does not know: a field that
// takes one of those is drawn without, and the App refuses what does not fit.
func fileInput(f commands.Field) slack.BlockElement {
	e := slack.NewFileInputBlockElement(f.ID).WithMaxFiles(max(1, min(f.MaxFiles, maxFiles)))
	known := func(ending string) bool { return slices.Contains(filteredTypes, ending) }
	if len(f.FileTypes) > 0 && !slices.ContainsFunc(f.FileTypes, func(ending string) bool { return !known(ending) }) {
		e = e.WithFileTypes(f.FileTypes...)
	}
	return e
}

// dropped answers files that a person sent in a direct message, one after
// another.
func (b *Bot) dropped(id string, e innerEvent) {
	b.spawn(func(ctx context.Context) {
		who := b.person(ctx, e.User)
		is := who.comingFrom(e.workspace())
		to := target{user: e.User, channel: e.Channel, thread: e.ThreadTS, inside: e.ThreadTS != ""}
		if is == outsider {
			b.hand(ctx, to, b.guest(ctx, "drop", who.locale))
			return
		}
		for i, f := range e.Files {
			if i == maxFiles {
				break
			}
			drop := commands.Drop{
				User: e.User, Channel: e.Channel, File: f.ID, Locale: who.locale, Unsure: is == unsure, Once: once("event", id+"/"+f.ID),
			}
			b.hand(ctx, to, b.reply(ctx, "drop", "file", who.locale, func() (commands.Response, error) { return b.app.Dropped(ctx, drop) }))
		}
	})
}
