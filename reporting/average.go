package reporting

// MinAverage is how many bodies a group needs for its average to be told to
// those who may not see the others' numbers: of two, one could work out the other's.
const MinAverage = 3

// SumOf adds up standings of one day: what those that owe something owe, and what they are
// credited with. It is not the city's number, in which a project counts once.
func SumOf(all []Standing) (sum Standing, n int) {
	for _, s := range all {
		if s.Owes() == 0 {
			continue
		}
		n++
		sum.Year, sum.AsOf, sum.Curve, sum.HasQuota = s.Year, s.AsOf, s.Curve, true
		sum.Quota.Year = s.Year
		sum.Quota.Count += s.Owes()
		sum.Carried += s.Carried
		sum.Tally.add(s.Tally)
	}
	return sum, n
}

func (t *Tally) add(o Tally) {
	t.Credited, t.Pending, t.Invest, t.Recent = t.Credited+o.Credited, t.Pending+o.Pending, t.Invest+o.Invest, t.Recent+o.Recent
	t.Promoted, t.Large, t.Complete = t.Promoted+o.Promoted, t.Large+o.Large, t.Complete+o.Complete
	for i, n := range o.ByStage {
		t.ByStage[i] += n
	}
}

// GroupAverage returns the share done of a group as a whole, ΣC/ΣQ, and of how many
// bodies; ok is false where MinAverage are not there.
func GroupAverage(group []Standing) (done float64, n int, ok bool) {
	sum, n := SumOf(group)
	return sum.Done(), n, n >= MinAverage
}
