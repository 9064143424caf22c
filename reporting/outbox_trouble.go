package reporting

// Trouble is the messages that did not go out: those that failed, and those that
// wait and were tried in vain or are long due. The first of them, the longest
// due first, and how many there are.
type Trouble struct {
	Messages []Delivery
	Total    int
}

// Resend has a message of the outbox tried again at once. Errors: Forbidden.
func Resend(a Actor, key string, at int64) (Event, error) {
	if err := CanManage(a); err != nil {
		return Event{}, err
	}
	return Event{At: at, Actor: a.UserID, Action: "message.resend", Kind: "message", Subject: key}, nil
}
