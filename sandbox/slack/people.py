"""Users and user groups, and how `users.info` and `usergroups.list` show them."""

from dataclasses import dataclass, field

from sandbox.slack.shapes import Json


@dataclass
class User:
    id: str
    name: str
    real_name: str
    team_id: str
    locale: str = "en-US"
    tz: str = "Europe/Amsterdam"
    tz_label: str = "Central European Time"
    tz_offset: int = 3600
    is_admin: bool = False
    is_bot: bool = False
    deleted: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False

    def brief(self) -> Json:
        """The `user` of an interaction payload."""
        return {
            "id": self.id,
            "username": self.name,
            "name": self.name,
            "team_id": self.team_id,
        }

    def as_json(self, *, include_locale: bool = False) -> Json:
        """The `user` of `users.info`; a deactivated one has lost its rights and time zone."""
        shown: Json = {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "deleted": self.deleted,
            "profile": self._profile(),
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": 1700000000,
        }
        if self.is_stranger:
            shown["is_stranger"] = True
        if not self.deleted:
            shown |= self._active_fields()
            if include_locale:
                shown["locale"] = self.locale
        return shown

    def _profile(self) -> Json:
        return {"real_name": self.real_name, "display_name": self.name, "team": self.team_id}

    def _active_fields(self) -> Json:
        return {
            "real_name": self.real_name,
            "tz": self.tz,
            "tz_label": self.tz_label,
            "tz_offset": self.tz_offset,
            "is_admin": self.is_admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": self.is_ultra_restricted,
        }


@dataclass
class UserGroup:
    id: str
    handle: str
    name: str
    users: list[str] = field(default_factory=list)
    disabled: bool = False

    def as_json(self, team_id: str, *, include_users: bool, include_count: bool) -> Json:
        shown: Json = {
            "id": self.id,
            "team_id": team_id,
            "is_usergroup": True,
            "name": self.name,
            "handle": self.handle,
            "description": "",
            "date_delete": 1700000000 if self.disabled else 0,
        }
        if include_users:
            shown["users"] = list(self.users)
        if include_count:
            shown["user_count"] = len(self.users)
        return shown
