"""The session room without its pictures: one client, one therapist, a therapy played session by session.

`characters` describes who can meet, `stances` what a therapist can choose to do, `therapy` plays, `story` tells,
`figures` shows and `export` keeps it. Everything here is pure; the dynamics are those of `simulation.hold_session`.
"""
