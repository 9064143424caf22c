package storage

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/mouhua/mouhua/reporting"
)

func testMigrate(t *testing.T, at string) {
	db, err := Open(t.Context(), at, Config{})
	check(t, err)
	defer func() { check(t, db.Close()) }()
	n, err := db.MigrationsPending(t.Context())
	check(t, err)
	files, err := migrations.ReadDir(db.dialect.migrations)
	check(t, err)
	var names []string
	for _, f := range files {
		names = append(names, f.Name())
	}
	same(t, "pending before", n, len(names))
	for i, want := range [][]string{names, nil} {
		applied, err := db.Migrate(t.Context())
		check(t, err)
		same(t, []string{"applied first", "applied again"}[i], applied, want)
	}
	n, err = db.MigrationsPending(t.Context())
	check(t, err)
	same(t, "pending after", n, 0)
	m, err := db.migrator()
	check(t, err)
	for range 2 {
		must(t)(m.DownTo(t.Context(), 0))
		must(t)(db.Migrate(t.Context()))
	}
}

func testReplicasMigrate(t *testing.T, at string) {
	var replicas []*DB
	for range 3 {
		db, err := Open(t.Context(), at, Config{})
		check(t, err)
		t.Cleanup(func() { _ = db.Close() })
		replicas = append(replicas, db)
	}
	if replicas[0].dialect.oneWriter {
		// A file has one process.
		replicas = replicas[:1]
	}
	var mu sync.Mutex
	applied := 0
	var wg sync.WaitGroup
	for _, db := range replicas {
		wg.Go(func() {
			names, err := db.Migrate(t.Context())
			if err != nil {
				t.Errorf("migrate: %v", err)
			}
			mu.Lock()
			defer mu.Unlock()
			applied += len(names)
		})
	}
	wg.Wait()
	files, err := migrations.ReadDir(replicas[0].dialect.migrations)
	check(t, err)
	same(t, "applied by all", applied, len(files))
}

func testDirectory(t *testing.T, at string) {
	db, _ := seeded(t, at)
	list, err := db.Bodies(t.Context())
	check(t, err)
	var ids []string
	for _, b := range list.All {
		ids = append(ids, b.ID)
	}
	same(t, "order", ids, []string{"kuancheng", "jingyue", "gxj", "fgw"})
	p, err := db.Person(t.Context(), "U404")
	check(t, err)
	same(t, "unknown person", p, reporting.Person{UserID: "U404"})

	want := []reporting.Person{
		{UserID: "U1", Name: "a", Role: reporting.Official, BodyID: "jingyue", Version: 1},
		{UserID: "U2", Name: "b", Role: reporting.Reviewer, Version: 1},
	}
	must(t)(db.ImportPeople(t.Context(), []reporting.Person{want[1], want[0]}, "test", false))
	people, err := db.People(t.Context())
	check(t, err)
	same(t, "people", people, want)
	after, err := db.Bodies(t.Context())
	check(t, err)
	if after.Revision <= list.Revision {
		t.Errorf("revision %d did not rise from %d", after.Revision, list.Revision)
	}
}

func testDirectoryReplica(t *testing.T, at string) {
	one, _ := seeded(t, at)
	other, clock := open(t, at)
	before, err := other.Bodies(t.Context())
	check(t, err)
	check(t, one.SetChannel(t.Context(), "", "jingyue", "C1", 7, reporting.Event{}))

	clock.add(snapshotAge - time.Millisecond)
	young, err := other.Bodies(t.Context())
	check(t, err)
	if young != before {
		t.Error("a snapshot under two seconds old was read again")
	}
	clock.add(time.Millisecond)
	fresh, err := other.Bodies(t.Context())
	check(t, err)
	b, _ := fresh.Find("jingyue")
	same(t, "channel after two seconds", b.ChannelID, "C1")

	clock.add(snapshotAge)
	unchanged, err := other.Bodies(t.Context())
	check(t, err)
	if unchanged != fresh {
		t.Error("rows were read again though the revision stood")
	}
	clock.add(-time.Hour)
	check(t, one.SetChannel(t.Context(), "", "jingyue", "C2", 8, reporting.Event{}))
	back, err := other.Bodies(t.Context())
	check(t, err)
	b, _ = back.Find("jingyue")
	same(t, "channel after the clock went back", b.ChannelID, "C2")

	check(t, one.SetChannel(t.Context(), "", "jingyue", "C3", 9, reporting.Event{}))
	clock.add(snapshotAge)
	lists := make([]*reporting.BodyList, 30)
	for _, err := range together(len(lists), func(i int) (err error) {
		lists[i], err = other.Bodies(t.Context())
		return err
	}) {
		check(t, err)
	}
	for _, l := range lists {
		if l != lists[0] || l == back {
			t.Fatal("a burst of readers read the rows more than once, or not at all")
		}
	}
}

func testAssignPerson(t *testing.T, at string) {
	db, _ := seeded(t, at)
	event := reporting.Event{At: 1, Actor: "U9", Action: "person.assign", Kind: "person", Subject: "U1"}
	p := reporting.Person{UserID: "U1", Name: "王", Role: reporting.Official, BodyID: "jingyue"}
	steps := []struct {
		name    string
		once    string
		version int
		err     func(error) bool
		now     int // version afterwards
	}{
		{"unknown person with a version", "", 3, conflicts, 0},
		{"new", "k1", 0, nil, 1},
		{"delivered again", "k1", 0, func(err error) bool { return errors.Is(err, reporting.ErrRepeated) }, 1},
		{"whatever it is", "k2", 0, nil, 2},
		{"version seen", "k3", 2, nil, 3},
		{"version gone", "k4", 2, conflicts, 3},
		{"refused delivery may come again", "k4", 3, nil, 4},
	}
	for _, s := range steps {
		p.Version = s.version
		err := db.AssignPerson(t.Context(), s.once, p, event)
		if s.err == nil && err != nil || s.err != nil && !s.err(err) {
			t.Errorf("%s: got error %v", s.name, err)
		}
		got, err := db.Person(t.Context(), "U1")
		check(t, err)
		same(t, s.name+": version", got.Version, s.now)
	}
	same(t, "events", len(query(t, db, `SELECT action FROM audit WHERE kind = 'person'`)), 4)
}

func conflicts(err error) bool { return reporting.CodeOf(err) == reporting.Conflict }

func testSetChannel(t *testing.T, at string) {
	db, _ := seeded(t, at)
	event := reporting.Event{Kind: "body", Subject: "jingyue", Action: "body.channel"}
	check(t, db.SetChannel(t.Context(), "k1", "jingyue", "C1", 42, event))
	list, err := db.Bodies(t.Context())
	check(t, err)
	b, _ := list.Find("jingyue")
	same(t, "channel", []any{b.ChannelID, b.ChannelSince, b.Version}, []any{"C1", int64(42), 2})

	if err := db.SetChannel(t.Context(), "k1", "jingyue", "C9", 43, event); !errors.Is(err, reporting.ErrRepeated) {
		t.Errorf("got %v, want ErrRepeated", err)
	}
	failsWith(t, db.SetChannel(t.Context(), "k2", "kuancheng", "C1", 44, event), reporting.Conflict)
	failsWith(t, db.SetChannel(t.Context(), "k3", "nowhere", "C2", 45, event), reporting.NotFound)
	check(t, db.SetChannel(t.Context(), "k4", "jingyue", "C1", 46, event))
	check(t, db.SetChannel(t.Context(), "k5", "jingyue", "", 47, event))
	check(t, db.SetChannel(t.Context(), "k2", "kuancheng", "C1", 48, event))
	check(t, db.SetChannel(t.Context(), "k6", "gxj", "", 49, event))
}
