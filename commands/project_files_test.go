package commands

import (
	"strings"
	"testing"

	"github.com/mouhua/mouhua/reporting"
)

// holding is input with files chosen in it.
func holding(in Input, files ...File) Input {
	in.Files = map[string][]File{reporting.FieldFiles: files}
	return in
}

var (
	minutes = File{ID: "F1", Name: "<!here> 纪要.pdf", Size: 3 << 20, Type: "pdf", Link: "https://x/F1"}
	picture = File{ID: "F2", Name: "b.jpg", Size: 2048, Type: "jpg"}
)

// TestEvidenceFiles files a project with a file in the place of the text; a
// draft keeps it, the card and the project show it, an edit keeps or drops it.
func TestEvidenceFiles(t *testing.T) {
	a, s, k := counter(t)
	f := said(t, a, "UJY", "project", "register").Form
	r, err := a.Submit(t.Context(), input("UJY", f, "1", goodPage1))
	if err != nil {
		t.Fatal(err)
	}
	if got := field(t, r.Next, reporting.FieldFiles); got.Kind != FileField || !got.Optional || got.MaxFiles != reporting.MaxFiles || len(got.FileTypes) == 0 {
		t.Errorf("the field for files: %+v", got)
	}
	page2 := with(goodPage2, reporting.FieldEvidence, "")
	if r2, err := a.Submit(t.Context(), input("UJY", r.Next, "2", page2)); err != nil || r2.Errors[reporting.FieldEvidence] == "" {
		t.Fatalf("neither text nor file: %+v %v", r2.Errors, err)
	}
	// A change on the way keeps what was chosen, and the form begins with it again.
	in := holding(input("UJY", r.Next, "", page2), minutes)
	in.Stamp = filingNow.UnixMicro() + 1000
	if _, err := a.Changed(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	offer := said(t, a, "UJY", "project", "register").Reply
	f = pressed(t, a, "UJY", "project.continue", buttonOf(t, offer, "project.continue").Value).Form
	if r, err = a.Submit(t.Context(), input("UJY", f, "3", goodPage1)); err != nil {
		t.Fatal(err)
	}
	wants(t, "what is there", field(t, r.Next, reporting.FieldFilesKept).Label, "<!here> 纪要.pdf (3.0 MB)")
	done, err := a.Submit(t.Context(), holding(input("UJY", r.Next, "4", with(page2, reporting.FieldFilesKept, "keep")), picture))
	if err != nil || len(done.Errors) > 0 {
		t.Fatalf("%+v %v", done.Errors, err)
	}
	id := "CC-2018-0001"
	if files := s.files[id]; len(files) != 2 || files[0].ID != "F1" || files[1].By != "UJY" || files[1].For != reporting.ForFiling {
		t.Fatalf("kept %+v", files)
	}
	card, err := a.Compose(t.Context(), s.sent[0])
	if err != nil {
		t.Fatal(err)
	}
	wants(t, "card", drawn(card.Reply), "佐证文件", "<!here> 纪要.pdf", "b.jpg", "(2.0 KB)", "project.files "+id)
	wants(t, "project", drawn(said(t, a, "UGX", "project", "show 1").Reply), "<!here> 纪要.pdf", "project.files "+id)

	// The reviewer gets the files; one that is gone is named.
	k.files, k.contents = map[string]File{"F2": picture}, map[string]string{"F2": "jpg"}
	got, err := pressOn(t, a, "URE", Button{Action: "project.files", Value: id})
	if err != nil || len(got.Files) != 1 || got.Files[0].Name != "b.jpg" || string(got.Files[0].Data) != "jpg" {
		t.Fatalf("%+v %v", got, err)
	}
	wants(t, "about the files", got.Reply.Text, "共 1 个文件", "已没有：<!here> 纪要.pdf")
	if _, err := a.Press(t.Context(), Press{User: "UKC", Action: "project.files", Value: id}); key(err) != "err.forbidden" {
		t.Errorf("another body's official: %v", err)
	}
	k.fails = nil

	// Returned, edited, the files taken away for a text.
	said(t, a, "URE", "review", "return 1 请补充")
	f = pressed(t, a, "UJY", "project.edit", id).Form
	if r, err = a.Submit(t.Context(), input("UJY", f, "5", goodPage1)); err != nil {
		t.Fatal(err)
	}
	wants(t, "what is there", field(t, r.Next, reporting.FieldFilesKept).Label, "纪要.pdf", "b.jpg")
	none, err := a.Submit(t.Context(), input("UJY", r.Next, "6", with(page2, reporting.FieldFilesKept, reporting.DropFiles)))
	if err != nil || none.Errors[reporting.FieldEvidence] == "" {
		t.Fatalf("taken away without a text: %+v %v", none.Errors, err)
	}
	if done, err = a.Submit(t.Context(), input("UJY", r.Next, "7", with(goodPage2, reporting.FieldFilesKept, reporting.DropFiles))); err != nil || len(done.Errors) > 0 {
		t.Fatalf("%+v %v", done.Errors, err)
	}
	if len(s.files[id]) != 0 {
		t.Errorf("left %+v", s.files[id])
	}
}

// TestStageFiles: a stage is proved by a file alone, which its card shows, and
// a second try keeps it.
func TestStageFiles(t *testing.T) {
	a, s, _ := counter(t)
	put(s, 1, func(p *reporting.Project) { verified(p); p.Stage = reporting.S2 })
	f := said(t, a, "UJY", "project", "advance 1").Form
	v := with(stageForms[reporting.S3], reporting.FieldProofText, "")
	for name, in := range map[string]Input{
		reporting.FieldProofText: input("UJY", f, "1", v),
		reporting.FieldFiles:     holding(input("UJY", f, "2", v), File{ID: "F9", Name: "a.exe", Type: "exe"}),
	} {
		if r, err := a.Submit(t.Context(), in); err != nil || r.Errors[name] == "" {
			t.Errorf("want a refusal at %s: %+v %v", name, r.Errors, err)
		}
	}
	r, err := a.Submit(t.Context(), holding(input("UJY", f, "3", v), minutes))
	if err != nil || len(r.Errors) > 0 {
		t.Fatalf("%+v %v", r.Errors, err)
	}
	card, err := a.Compose(t.Context(), s.sent[0])
	if err != nil {
		t.Fatal(err)
	}
	wants(t, "card", drawn(card.Reply), "佐证文件 · S3", "<!here> 纪要.pdf")
	said(t, a, "URE", "review", "return 1 请补充")
	again := said(t, a, "UJY", "project", "advance 1").Form
	wants(t, "second try", field(t, again, reporting.FieldFilesKept).Label, "纪要.pdf")
	if r, err = a.Submit(t.Context(), input("UJY", again, "4", v)); err != nil || len(r.Errors) > 0 {
		t.Fatalf("%+v %v", r.Errors, err)
	}
	if files := s.files["CC-2018-0001"]; len(files) != 1 || files[0].For != "S3" || !strings.HasPrefix(files[0].Link, "https") {
		t.Errorf("kept %+v", files)
	}
}
