package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
)

// slackFault answers a call of the Web API badly; next is Slack as it should be.
// The playground's own faults do without: this is for what strikes at one
// replica among several, by the dice of a proof.
type slackFault func(w http.ResponseWriter, r *http.Request, next http.Handler)

// before makes a fault of a call that Slack does not do, after of one that it
// does all the same.
func before(answer http.HandlerFunc) slackFault {
	return func(w http.ResponseWriter, r *http.Request, _ http.Handler) { answer(w, r) }
}

func after(answer http.HandlerFunc) slackFault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		next.ServeHTTP(httptest.NewRecorder(), r)
		answer(w, r)
	}
}

func limitedShortly(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Retry-After", "1")
	w.WriteHeader(http.StatusTooManyRequests)
}

func broken(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }

func webPage(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	fmt.Fprint(w, "<html><title>Slack is down</title></html>")
}

func hangUpOn(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func refuses(code string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"ok":false,"error":%q}`, code)
	}
}
