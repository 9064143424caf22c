//go:build !race

package main

// dropped is how many projects a large file holds that is dropped.
const dropped = 5000
