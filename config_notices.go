package main

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/mouhua/mouhua/reporting"
	"github.com/mouhua/mouhua/scheduler"
)

// NoticeConfig is what can be set about what is told beside the nudges.
type NoticeConfig struct {
	Deadline struct {
		DayOff   reporting.DayOff `toml:"day_off"`
		Announce []int            `toml:"announce"`
	} `toml:"deadline"`
	Digest struct {
		MinutesAfter int `toml:"minutes_after"`
	} `toml:"digest"`
	Escalation struct {
		Enabled      bool             `toml:"enabled"`
		ContactWeeks int              `toml:"contact_weeks"`
		LeaderWeeks  int              `toml:"leader_weeks"`
		OfficeWeeks  int              `toml:"office_weeks"`
		OfficeColour reporting.Colour `toml:"office_colour"`
		OfficeList   []string         `toml:"office_list"`
	} `toml:"escalation"`
}

func defaultNotices() NoticeConfig {
	var n NoticeConfig
	n.Deadline.DayOff, n.Deadline.Announce = reporting.DayOffPrevious, []int{10, 3, 1}
	n.Digest.MinutesAfter = 30
	n.Escalation.ContactWeeks, n.Escalation.LeaderWeeks, n.Escalation.OfficeWeeks = 1, 2, 4
	n.Escalation.OfficeColour, n.Escalation.OfficeList = reporting.Red, []string{}
	return n
}

// wrong returns the first thing that cannot be as it is set, "" for none.
func (n NoticeConfig) wrong() string {
	e := n.Escalation
	days := slices.IndexFunc(n.Deadline.Announce, func(d int) bool { return d < 0 || d > 60 })
	user := slices.IndexFunc(e.OfficeList, func(id string) bool { return !slackUser.MatchString(id) })
	switch {
	case !slices.Contains(reporting.DaysOff, n.Deadline.DayOff):
		return fmt.Sprintf("deadline.day_off: %q is none of next, previous, keep", string(n.Deadline.DayOff))
	case days >= 0:
		return fmt.Sprintf("deadline.announce: %d is not a number of working days between 0 and 60", n.Deadline.Announce[days])
	case n.Digest.MinutesAfter < 0 || n.Digest.MinutesAfter > 24*60:
		return fmt.Sprintf("digest.minutes_after: %d is not between 0 and 1440", n.Digest.MinutesAfter)
	case min(e.ContactWeeks, e.LeaderWeeks, e.OfficeWeeks) < 0 || max(e.ContactWeeks, e.LeaderWeeks, e.OfficeWeeks) > 53:
		return "escalation: contact_weeks, leader_weeks and office_weeks must be between 0 and 53"
	case e.OfficeColour != reporting.Red && e.OfficeColour != reporting.Yellow:
		return fmt.Sprintf("escalation.office_colour: %q is neither red nor yellow", string(e.OfficeColour))
	case user >= 0:
		return fmt.Sprintf("escalation.office_list: %q is not a Slack user id, such as U0123456789", e.OfficeList[user])
	}
	return ""
}

// deadlines returns how deadlines are set and announced.
func (c Config) deadlines() reporting.DeadlineRule {
	return reporting.DeadlineRule{DayOff: c.Deadline.DayOff, Announce: c.Deadline.Announce, Curve: reporting.Curve(c.Pace.Curve)}
}

// escalation returns after how many weeks who else is told; the zero rule when
// it is off.
func (c Config) escalation() reporting.EscalationRule {
	e := c.Escalation
	if !e.Enabled {
		return reporting.EscalationRule{}
	}
	return reporting.EscalationRule{
		Contact: e.ContactWeeks, Leader: e.LeaderWeeks, Office: e.OfficeWeeks, OfficeColour: e.OfficeColour,
		OfficeList: e.OfficeList, OfficeChannel: c.Office.Channel,
	}
}

// scheduling is what the configuration says of the scheduler, whichever command
// runs it; perSecond is for tests in a hurry, 0 = as configured.
func (c Config) scheduling(perSecond float64) scheduler.Config {
	return scheduler.Config{
		Rule: c.rule(), Basis: c.Quota.CountBasis, CityTarget: cityTarget, Bulletin: c.bulletinTerms(),
		Deadlines: c.deadlines(), Escalation: c.escalation(),
		LeadersChannel: c.Leaders.Channel, OfficeChannel: c.Office.Channel,
		DigestAfter: time.Duration(c.Digest.MinutesAfter) * time.Minute,
		PerSecond:   cmp.Or(perSecond, c.Slack.PostsPerSecond), PerChannel: perSecond, Workers: c.Slack.Workers,
	}
}
