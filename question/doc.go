// Package question reads a sentence: what is asked, of whom, for when. It knows
// no Slack and no SQL, and it guesses nothing: what it could not read it says.
//
// A tour: question.go has the intents, what a sentence is read against (Context)
// and what comes of it (Reading); read.go goes through the steps, which are:
//
//   - text.go brings the sentence into one form and tells its language;
//   - parse.go finds the words: those of words.txt, glossary.txt and places.txt
//     (words.go), bodies (bodies.go), lists of the plan (catalogue.go), projects
//     (projects.go, names.go) and numbers (numbers.go); of what overlaps the
//     longest parts are read, and the rest may be slips of the finger (mend.go);
//   - rules.go has one line for each way to ask something: the line that fits
//     best is the intent;
//   - beyond.go takes back an intent when the sentence says more than its slots can
//     hold, by the words of beyond.txt;
//   - fill.go reads the slots that the intent takes, naming.go names and reasons;
//   - subject.go, topics.go and terms.go are what can be explained, and by which words people
//     name it;
//   - refer.go and follow.go take over from the question before what a follow-up leaves out.
//
// To teach a word, add it to a line of words.txt; to teach a way to ask, add a
// line to rules.go. make questions then says what became of the examples.
//
// Entities is the same reading without an intent, for who asks something and
// reads the answer; what it returns stays as it is.
package question
