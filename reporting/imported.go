package reporting

import "cmp"

// Imported returns the project that a row of a file makes of old, whose ID is ""
// when the row is a new one: what a file need not have is taken from old where it
// does not say it, days that it does not say begin today, and what is asked of
// the office is no file's to decide.
func Imported(p, old Project, today Date) Project {
	p.Version, p.UpdatedAt, p.Life, p.Guards = old.Version, old.UpdatedAt, mergedLife(p.Life, old.Life), mergedGuards(p.Guards, old.Guards)
	p.Record, p.Checklist = mergedRecord(p.Record, old.Record), old.Checklist
	// What the office enters of an earlier year is in the pool by its word.
	if year := today.Year; old.ID == "" && p.ConfirmedFor == 0 && p.Unconfirmed(year) {
		p.ConfirmedFor = year
	}
	if p.Over() {
		p.HeldBy = ""
	}
	if p.Contact == old.MaskedContact() {
		p.Contact = old.Contact // of a list that somebody took away who does not see it whole
	}
	p.EvidenceFiles = old.EvidenceFiles
	p.Nature, p.Milestone = cmp.Or(p.Nature, old.Nature), cmp.Or(p.Milestone, old.Milestone)
	p.Evidence, p.FiledBy = cmp.Or(p.Evidence, old.Evidence), cmp.Or(p.FiledBy, old.FiledBy)
	p.SubmittedOn = cmp.Or(p.SubmittedOn, old.SubmittedOn, p.VerifiedOn)
	p.StageSince = cmp.Or(p.StageSince, old.StageSince, p.VerifiedOn)
	if old.Stage != "" && p.Stage != old.Stage && p.StageSince == cmp.Or(old.StageSince, p.VerifiedOn) {
		p.StageSince = today
	}
	if p.Status != old.Status || p.Stage != old.Stage {
		p.Request = Request{} // what was asked is overtaken
	}
	if p.Status != old.Status {
		p.Life = turned(p, old, today)
	}
	if p.Status == Returned {
		p.ReturnReason, p.ReturnedOn = cmp.Or(p.ReturnReason, old.ReturnReason), cmp.Or(p.ReturnedOn, old.ReturnedOn)
	}
	return p
}

// turned returns the life of a project of which a file says another status than
// the database: where it does not say since when, since today. Only of a new one
// that has ended the day stays unknown, for it may be long ago.
func turned(p, old Project, today Date) Life {
	l := p.Life
	switch {
	case p.Status == Suspended:
		l.SuspendedOn = cmp.Or(l.SuspendedOn, today)
	case p.Over() && old.ID != "":
		l.EndedOn, l.SuspendedOn = cmp.Or(l.EndedOn, today), Date{}
	case old.Status == Suspended:
		l.SuspendedOn, l.HoldEndedOn, l.LapsedFor = Date{}, Date{}, 0
		if p.PlanYear < today.Year {
			l.ConfirmedFor = today.Year // by the office's word
		}
	}
	return l
}

// mergedLife returns what a row says of a project's life, and the rest from
// old. What is asked of the office is no file's to decide.
func mergedLife(l, old Life) Life {
	return Life{
		Leader: cmp.Or(l.Leader, old.Leader), InvestorOrigin: cmp.Or(l.InvestorOrigin, old.InvestorOrigin),
		Contract: cmp.Or(l.Contract, old.Contract), CompletedOn: cmp.Or(l.CompletedOn, old.CompletedOn),
		CapacityOn: cmp.Or(l.CapacityOn, old.CapacityOn), BenefitOn: cmp.Or(l.BenefitOn, old.BenefitOn),
		Proof:       Proof{Kind: cmp.Or(l.Proof.Kind, old.Proof.Kind), Text: cmp.Or(l.Proof.Text, old.Proof.Text), Files: old.Proof.Files},
		SuspendedOn: cmp.Or(l.SuspendedOn, old.SuspendedOn), EndedOn: cmp.Or(l.EndedOn, old.EndedOn),
		StatusReason: cmp.Or(l.StatusReason, old.StatusReason), MergedInto: cmp.Or(l.MergedInto, old.MergedInto),
		Carry: mergedCarry(l.Carry, old.Carry), Request: old.Request,
	}
}

// mergedGuards returns what a row says of what the office looks at twice, and
// the rest from old.
func mergedGuards(g, old Guards) Guards {
	return Guards{
		RevisedFrom: cmp.Or(g.RevisedFrom, old.RevisedFrom), AlikeTo: cmp.Or(g.AlikeTo, old.AlikeTo), AlikeWhy: cmp.Or(g.AlikeWhy, old.AlikeWhy),
		HeldBy: cmp.Or(g.HeldBy, old.HeldBy), Code: cmp.Or(g.Code, old.Code),
	}
}

func mergedCarry(c, old Carry) Carry {
	return Carry{
		ConfirmedFor: cmp.Or(c.ConfirmedFor, old.ConfirmedFor), LapsedFor: cmp.Or(c.LapsedFor, old.LapsedFor), HoldEndedOn: cmp.Or(c.HoldEndedOn, old.HoldEndedOn),
	}
}

// mergedRecord returns what a row says of a project's record, and the rest from
// old. A split of the funding, and a foreign amount, are taken whole.
func mergedRecord(r, old Record) Record {
	if r.Funded() == 0 {
		r.FundGovernment, r.FundEnterprise, r.FundLoan = old.FundGovernment, old.FundEnterprise, old.FundLoan
		r.FundSocial, r.FundOther = old.FundSocial, old.FundOther
	}
	if r.FXCurrency == "" {
		r.FXCurrency, r.FXAmount, r.FXRate, r.FXOn = old.FXCurrency, old.FXAmount, old.FXRate, old.FXOn
	}
	r.LocationCode, r.OwnerCode, r.Sector = cmp.Or(r.LocationCode, old.LocationCode), cmp.Or(r.OwnerCode, old.OwnerCode), cmp.Or(r.Sector, old.Sector)
	r.PlanningMode, r.OutsideBrain = cmp.Or(r.PlanningMode, old.PlanningMode), cmp.Or(r.OutsideBrain, old.OutsideBrain)
	r.Introducer, r.Drive = cmp.Or(r.Introducer, old.Introducer), cmp.Or(r.Drive, old.Drive)
	r.Library, r.Tags, r.Tools = cmp.Or(r.Library, old.Library), cmp.Or(r.Tags, old.Tags), cmp.Or(r.Tools, old.Tools)
	r.FundsApplied, r.FundsReceived = cmp.Or(r.FundsApplied, old.FundsApplied), cmp.Or(r.FundsReceived, old.FundsReceived)
	r.Output, r.Tax, r.Jobs = cmp.Or(r.Output, old.Output), cmp.Or(r.Tax, old.Tax), cmp.Or(r.Jobs, old.Jobs)
	return r
}
