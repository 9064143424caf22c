//go:build !race

package main

// droppedProjects is how many projects a large file holds that is dropped.
const droppedProjects = 5000

// shortRuns is how many runs the short form of the proofs with kill -9 has.
const shortRuns = 12
