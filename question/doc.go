// Package question reads a sentence: what is asked, of whom, for when. It knows
// no Slack and no SQL, and it guesses nothing: what it could not read it says.
//
// A tour: question.go has the intents, what a sentence is read against (Context)
// and what comes of it (Reading); read.go reads; subject.go, topics.go and
// terms.go are what can be explained, and by which words people name it.
package question
