//go:build race

package main

// droppedProjects is how many projects a large file holds that is dropped: under the
// race detector the SQLite engine, which is Go, is twenty times slower.
const droppedProjects = 500

// shortRuns is how many runs the short form of the proofs with kill -9 has.
const shortRuns = 3
