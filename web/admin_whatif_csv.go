package web

import (
	"github.com/gofiber/fiber/v2"

	"vuoro/reports"
)

// downloadWhatIfGroups is the table by group as everybody may see it.
func (v *visit) downloadWhatIfGroups() error {
	run, answer, err := v.overRun()
	if err != nil {
		return err
	}
	return v.sendCSV(v.whatIfFile(run, "groups"), answer.GroupsCSV(v.say, v.groupName))
}

// downloadWhatIfRequests is the list of changed requests, without names.
func (v *visit) downloadWhatIfRequests() error {
	run, answer, err := v.overRun()
	if err != nil {
		return err
	}
	rooms, err := v.roomNames()
	if err != nil {
		return err
	}
	return v.sendCSV(v.whatIfFile(run, "requests"), answer.RequestsCSV(v.say, func(turn reports.Turn) []string {
		return []string{
			turn.Number, v.groupName(turn.Group), rooms[turn.Resource], v.say.Range(turn.Begin, turn.End()),
			v.outcome(turn.Old), v.outcome(turn.New), v.rulingName(run, turn.Old.By), v.rulingName(run, turn.New.By),
		}
	}))
}

func (v *visit) whatIfFile(run *reports.WhatIfRun, what string) string {
	return "vuoro-" + run.Question.Book.Key + "-" + run.Question.From.String() + "-" + run.Question.To.String() + "-" + what + ".csv"
}

func (v *visit) sendCSV(name string, raw []byte) error {
	v.c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	v.c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	return v.c.Send(raw)
}
