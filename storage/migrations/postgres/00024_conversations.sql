-- +goose Up
-- What goes on where somebody asks. Rows that nobody came back to are forgotten
-- with the deliveries.
CREATE TABLE conversations (
    channel TEXT NOT NULL,
    thread  TEXT NOT NULL,
    user_id TEXT NOT NULL,
    state   TEXT NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (channel, thread, user_id)
);
CREATE INDEX conversations_at ON conversations (at);

-- +goose Down
DROP TABLE conversations;
