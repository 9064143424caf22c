package reporting

// Conversation is what goes on where somebody asks: the last exchange, on which
// a follow-up leans, or what one person files sentence by sentence. State is for
// who keeps it.
type Conversation struct {
	Key   ConversationKey
	State string // "" = nothing goes on
	At    int64  // UTC ms of the last change
}

// ConversationKey is where and by whom a conversation is held.
type ConversationKey struct {
	Channel string // where it was asked: a channel or a direct conversation
	Thread  string // ts of the thread's first message; "" = outside of threads
	UserID  string // "" = of all who ask there
}
