package web

// ruleRoutes are the pages of those who write rule books. Who may write depends
// on the book: those of the city are for its administrators, those of a unit
// for its managers.
func ruleRoutes() []route {
	const book, version = "/admin/rules/:key", "/admin/rules/:key/:version"
	return []route{
		{name: "admin-rules", method: get, at: one("/admin/rules"), who: keepers, handle: (*visit).showRulebooks},
		{name: "admin-rules-make", method: post, at: one("/admin/rules"), who: keepers, handle: (*visit).makeRulebook},
		{name: "admin-rulebook", method: get, at: one(book), who: keepers, handle: (*visit).showRulebook},
		{name: "admin-rulebook-draft", method: post, at: one(book), who: cityAdmins, handle: (*visit).makeDraft},
		{name: "admin-rule-version", method: get, at: one(version), who: keepers, handle: (*visit).showRuleVersion},
		{name: "admin-rule-version-act", method: post, at: one(version), who: cityAdmins, handle: (*visit).actOnVersion},
		{name: "admin-rule", method: get, at: one(version + "/rules/:rule"), who: keepers, handle: (*visit).showRuleForm},
		{name: "admin-rule-save", method: post, at: one(version + "/rules/:rule"), who: cityAdmins, handle: (*visit).saveRule},
		{name: "admin-rule-part", method: get, at: one(version + "/parts/:part"), who: keepers, handle: (*visit).showRulePart},
		{name: "admin-rule-part-save", method: post, at: one(version + "/parts/:part"), who: cityAdmins, handle: (*visit).saveRulePart},
		{name: "admin-example", method: get, at: one(version + "/examples/:example"), who: keepers, handle: (*visit).showExample},
		{name: "admin-example-save", method: post, at: one(version + "/examples/:example"), who: cityAdmins, handle: (*visit).saveExample},
		{name: "admin-rule-try", method: get, at: one(version + "/try"), who: keepers, handle: (*visit).tryRules},
		{name: "admin-rule-publish", method: get, at: one(version + "/publish"), who: keepers, handle: (*visit).showPublish},
		{name: "admin-rule-publish-it", method: post, at: one(version + "/publish"), who: cityAdmins, handle: (*visit).publishRules},
	}
}
