package reporting

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// chosenFiles are files as a form holds them.
func chosenFiles(files ...ProjectFile) string { return FilesText(files) }

func TestEvidenceAsFiles(t *testing.T) {
	pdf := ProjectFile{ID: "F1", Name: "会议纪要.PDF", Size: 100, Type: "pdf"}
	old := pdf
	old.ID, old.Old, old.At, old.By = "F0", true, 7, "U0"
	six := []ProjectFile{pdf, pdf, pdf, pdf, pdf, pdf}
	tests := []struct {
		name       string
		text       string
		files      string
		kept       string
		want       map[string]string
		keptLength int
	}{
		{"text alone", "会议纪要", "", "", nil, 0},
		{"a file alone", "", chosenFiles(pdf), "", nil, 1},
		{"both", "会议纪要", chosenFiles(old, pdf), "", nil, 2},
		{"one of before alone", "", chosenFiles(old), "keep", nil, 1},
		{"that one taken away", "", chosenFiles(old), DropFiles, map[string]string{FieldEvidence: "err.evidence.either"}, 0},
		{"another in its place", "", chosenFiles(old, pdf), DropFiles, nil, 1},
		{"neither", " ", "", "", map[string]string{FieldEvidence: "err.evidence.either"}, 0},
		{"what is no list of files", "", "{", "", map[string]string{FieldEvidence: "err.evidence.either"}, 0},
		{"six", "x", chosenFiles(six...), "", map[string]string{FieldFiles: "err.files.many"}, 6},
		{"a program", "", chosenFiles(ProjectFile{Name: "a.exe", Type: "exe"}), "", map[string]string{FieldFiles: "err.files.type"}, 1},
		{"another kind by its ending", "", chosenFiles(ProjectFile{Name: "批复.ofd", Type: "binary"}), "", nil, 1},
		{"too large", "", chosenFiles(ProjectFile{Name: "a.pdf", Size: MaxFileSize + 1}), "", map[string]string{FieldFiles: "err.files.size"}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := goodValues()
			v[FieldEvidence], v[FieldFiles], v[FieldFilesKept] = tt.text, tt.files, tt.kept
			_, err := ReadDraft(v, testBodies["kuancheng"], register)
			if diff := cmp.Diff(tt.want, faults(err)); diff != "" {
				t.Errorf("filing:\n%s", diff)
			}
			if n := len(ChosenFiles(v)); n != tt.keptLength {
				t.Errorf("%d files are drawn again, want %d", n, tt.keptLength)
			}
			stage := map[string]string{FieldContract: "合同", FieldProof: "land", FieldProofText: tt.text, FieldFiles: tt.files, FieldFilesKept: tt.kept}
			want := map[string]string{}
			for field, key := range tt.want {
				if field == FieldEvidence {
					field = FieldProofText
				}
				want[field] = key
			}
			p := Project{ID: "CC-2018-0001", Status: Verified, Stage: S2, ReporterBody: "kuancheng"}
			_, err = Advance(Actor{UserID: "U1", Role: Admin}, p, 0, stage, Date{2018, 7, 31}, 9)
			if got := faults(err); len(want)+len(got) > 0 {
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("stage:\n%s", diff)
				}
			}
		})
	}
}

// TestSubmitKeepsFiles: what was there keeps its day, what is new gets one,
// and a form that has nothing to do with files leaves them alone.
func TestSubmitKeepsFiles(t *testing.T) {
	a := Actor{UserID: "U1", Role: Admin}
	submit := func(v map[string]string) *FileSet {
		t.Helper()
		c, err := Submit(a, Draft{BodyID: "kuancheng", Values: v}, Project{}, "CC-2018-0001", testBodies["kuancheng"], register, Date{2018, 7, 31}, 9)
		if err != nil {
			t.Fatal(err)
		}
		return c.Files
	}
	v := goodValues()
	if got := submit(v); got != nil {
		t.Errorf("without files: %+v", got)
	}
	v[FieldFiles] = chosenFiles(ProjectFile{ID: "F0", Name: "a.pdf", By: "U0", At: 7, Old: true}, ProjectFile{ID: "F1", Name: "b.pdf"})
	want := &FileSet{For: ForFiling, Files: []ProjectFile{
		{ProjectID: "CC-2018-0001", For: ForFiling, ID: "F0", Name: "a.pdf", By: "U0", At: 7},
		{ProjectID: "CC-2018-0001", For: ForFiling, ID: "F1", Name: "b.pdf", By: "U1", At: 9},
	}}
	if diff := cmp.Diff(want, submit(v)); diff != "" {
		t.Error(diff)
	}
	v[FieldFilesKept] = DropFiles
	want.Files = want.Files[1:]
	if diff := cmp.Diff(want, submit(v)); diff != "" {
		t.Error(diff)
	}
	// An edit of a verified project that only adds a file is one.
	values := func() map[string]string {
		v := goodValues()
		v[FieldFiles] = chosenFiles(ProjectFile{ID: "F0", Name: "a.pdf", At: 7, Old: true})
		return v
	}
	c, err := Submit(a, Draft{BodyID: "kuancheng", Values: values()}, Project{}, "CC-2018-0001", testBodies["kuancheng"], register, Date{2018, 7, 31}, 9)
	if err != nil {
		t.Fatal(err)
	}
	p := c.Project
	p.Status, p.Version = Verified, 1
	edit := func(v map[string]string) error {
		_, err := Submit(a, Draft{BodyID: "kuancheng", ProjectID: p.ID, BaseVer: 1, Values: v}, p, p.ID, testBodies["kuancheng"], register, Date{2018, 7, 31}, 9)
		return err
	}
	if err := edit(values()); CodeOf(err) != Invalid {
		t.Errorf("an edit that changes nothing: %v", err)
	}
	more := values()
	more[FieldFiles] = chosenFiles(ProjectFile{ID: "F1", Name: "b.pdf"})
	less := values()
	less[FieldFilesKept] = DropFiles
	for name, v := range map[string]map[string]string{"adds": more, "takes away": less} {
		if err := edit(v); err != nil {
			t.Errorf("an edit that %s a file: %v", name, err)
		}
	}
}

// TestFilesAreEvidence: a filing or a stage that only files prove is complete,
// also when a later form has nothing to do with them.
func TestFilesAreEvidence(t *testing.T) {
	a, day := Actor{UserID: "U1", Role: Admin}, Date{2018, 7, 31}
	v := goodValues()
	v[FieldEvidence], v[FieldFiles] = "", chosenFiles(ProjectFile{ID: "F1", Name: "b.pdf"})
	c, err := Submit(a, Draft{BodyID: "kuancheng", Values: v}, Project{}, "CC-2018-0001", testBodies["kuancheng"], register, day, 9)
	if err != nil {
		t.Fatal(err)
	}
	p := c.Project
	if p.EvidenceFiles != 1 || !p.Complete() {
		t.Fatalf("filed with a file: %d files, complete %v", p.EvidenceFiles, p.Complete())
	}
	p.Status, p.Version = Verified, 2
	stage := map[string]string{
		FieldOwner: "示例集团", FieldLeader: "陈副市长", FieldOrigin: "city", FieldInvestYear: "300万", FieldProof: "study",
		FieldFiles: chosenFiles(ProjectFile{ID: "F2", Name: "c.pdf"}, ProjectFile{ID: "F3", Name: "d.pdf"}),
	}
	if c, err = Advance(a, p, 0, stage, day, 10); err != nil {
		t.Fatal(err)
	}
	if p = c.Project; p.Stage != S2 || p.Proof.Files != 2 || !p.Complete() {
		t.Errorf("in S2 with two files: %+v, complete %v", p.Proof, p.Complete())
	}
	p.Version++
	v = goodValues()
	v[FieldEvidence], v[FieldContact] = "见附件", "李工 13900001111"
	if c, err = Submit(a, Draft{BodyID: "kuancheng", ProjectID: p.ID, BaseVer: p.Version, Values: v}, p, p.ID, testBodies["kuancheng"], register, day, 11); err != nil {
		t.Fatal(err)
	}
	if c.Project.EvidenceFiles != 1 || c.Project.Proof.Files != 2 {
		t.Errorf("an edit without files: %d, %d", c.Project.EvidenceFiles, c.Project.Proof.Files)
	}
}
