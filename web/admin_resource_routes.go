package web

// adminResourceRoutes are the editor of a resource and its pictures.
func adminResourceRoutes() []route {
	return []route{
		{name: "resource-new", method: get, at: one("/admin/resources/new"), who: managers, handle: (*visit).showNewResource},
		{name: "resource-make", method: post, at: one("/admin/resources/new"), who: managers, handle: (*visit).makeResource},
		{name: "resource-edit", method: get, at: one("/admin/resources/:slug"), who: managers, handle: (*visit).showResource},
		{name: "resource-step", method: post, at: one("/admin/resources/:slug"), who: managers, handle: (*visit).stepResource},
		{name: "resource-preview", method: get, at: one("/admin/resources/:slug/preview"), who: unitStaff, handle: (*visit).previewResource},
		{name: "resource-poster", method: get, at: one("/admin/resources/:slug/poster"), who: unitStaff, handle: (*visit).showPoster},
		{name: "resource-copy", method: get, at: one("/admin/resources/:slug/copy"), who: managers, handle: (*visit).showCopyResource},
		{name: "resource-copy-make", method: post, at: one("/admin/resources/:slug/copy"), who: managers, handle: (*visit).copyResource},
		{name: "resource-upload", method: post, at: one("/admin/resources/:slug/upload"), who: managers, handle: (*visit).uploadPicture, upload: true},
		{name: "resource-section", method: get, at: one("/admin/resources/:slug/:section"), who: managers, handle: (*visit).showResourceSection},
		{name: "resource-save", method: post, at: one("/admin/resources/:slug/:section"), who: managers, handle: (*visit).saveResourceSection},
		{name: "picture-act", method: post, at: one("/admin/pictures/:uid"), who: managers, handle: (*visit).actOnPicture},
		{name: "picture", method: get, at: one("/img/picture/:file"), who: anyone, handle: (*visit).sendPicture, bare: true},
	}
}
