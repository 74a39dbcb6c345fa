# The policy for channels, chats and calls in Rego. Levels are numbers, the highest of the roles that a user holds:
# 0 denied, 1 own, 3 department, 7 any. `above` of a channel, chat or call has the departments where its active people
# work, and those above them; sets are objects, so that one look-up finds a member.
package portal

import rego.v1

user := data.users[input.user]

default allow := false

allow if {
	user.active
	input.type == "channel"
	may_channel
}

allow if {
	user.active
	input.type == "chat"
	may_chat
}

allow if {
	user.active
	input.type == "call"
	may_call
}

channel := data.channels[input.resource]

may_channel if {
	input.action in {"channel.view", "channel.edit", "channel.connect"}
	covers_channel(user.levels[input.action])
}

may_channel if {
	input.action == "channel.configure"
	user.administrator
	channel
}

may_channel if {
	input.action == "channel.configure"
	user.levels["access.edit"] == 7
	covers_channel(user.levels["channel.edit"])
}

may_channel if {
	input.action == "canned_response.use"
	user.levels["canned_response.use"] == 7
	channel
}

may_channel if {
	input.action == "canned_response.use"
	channel.queue[input.user]
}

covers_channel(level) if {
	level == 7
	channel
} else if {
	level >= 1
	channel.queue[input.user]
} else if {
	level >= 1
	channel.editors[input.user]
} else if {
	level >= 3
	some department, _ in user.works_in
	channel.above[department]
}

chat := data.chats[input.resource]

may_chat if {
	input.action in {"statistics.view", "history.view", "chat.join"}
	covers_chat(user.levels[input.action])
}

may_chat if {
	input.action == "chat.join"
	chat.members[input.user]
}

may_chat if {
	input.action == "chat.rate"
	covers_chat(user.levels["chat.rate"])
	covers_chat(user.levels["history.view"])
}

covers_chat(level) if {
	level == 7
	chat
} else if {
	level >= 1
	chat.agents[input.user]
} else if {
	level >= 3
	some department, _ in user.works_in
	chat.above[department]
}

call := data.calls[input.resource]

may_call if {
	input.action in {"call.view", "recording.listen", "recording.delete"}
	covers_call(user.levels[input.action])
}

may_call if {
	input.action == "recording.download"
	user.administrator
	call
}

may_call if {
	input.action == "recording.reach"
	covers_call(user.levels["recording.listen"])
}

may_call if {
	input.action == "recording.reach"
	call.drive[input.user]
}

covers_call(level) if {
	level == 7
	call
} else if {
	level >= 1
	call.agents[input.user]
} else if {
	level >= 3
	some department, _ in user.belongs_to
	call.above[department]
}
