//go:build !race

package main

// droppedProjects is how many projects a large file holds that is dropped.
const droppedProjects = 5000
