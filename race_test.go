//go:build race

package main

// droppedProjects is how many projects a large file holds that is dropped: under the
// race detector the SQLite engine, which is Go, is twenty times slower.
const droppedProjects = 500
