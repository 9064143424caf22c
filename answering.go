package main

import (
	"log/slog"
	"time"

	"github.com/mouhua/mouhua/commands"
	"github.com/mouhua/mouhua/reporting"
)

// answering is what the configuration says of how people are answered; what
// needs Slack is for who has it.
func (c Config) answering(now func() time.Time, log *slog.Logger) commands.Config {
	return commands.Config{
		Location: c.location(), Locale: c.Locale, Prefix: c.Slack.CommandPrefix,
		Admins: c.Office.Admins, OfficeChannel: c.Office.Channel, LeadersChannel: c.Leaders.Channel,
		Threshold: reporting.Wan(c.Quota.ThresholdWan), Credit: c.Quota.Credit, CityTarget: cityTarget, Basis: c.Quota.CountBasis,
		Score: reporting.ScoreSheet(c.Score), Pace: c.thresholds(), Curve: reporting.Curve(c.Pace.Curve), Nudge: c.rule(),
		Bulletin: reporting.BulletinRule(c.Bulletin), NudgeLimits: c.nudgeLimits(), StuckDays: c.Approval.StuckDays, Openness: c.openness(),
		Deadlines: c.deadlines(), Escalation: c.escalation(),
		Now: now, Log: log,
	}
}
