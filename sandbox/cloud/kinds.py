"""The calls the cloud knows, by the names the official SDK gives them."""

from enum import StrEnum


class Kind(StrEnum):
    IMPORT_TRAFFIC = "ImportTraffic"
    SHOW_JOB = "ShowJob"
    LIST_JOBS = "ListJobs"
    LIST_PHONES = "ListCloudPhones"
    SHOW_PHONE = "ShowCloudPhoneDetail"
    LIST_SERVERS = "ListCloudPhoneServers"
    LIST_ENCODE_SERVERS = "ListEncodeServers"
    LIST_RESOURCE_INSTANCES = "ListResourceInstances"
    LIST_PROJECT_TAGS = "ListProjectTags"
    CREATE_TOKEN = "KeystoneCreateUserTokenByPassword"
    CREATE_TEMPORARY_KEY = "CreateTemporaryAccessKeyByToken"
    LIST_PROJECTS = "KeystoneListProjects"
    UNKNOWN = "Unknown"

    @property
    def writes(self) -> bool:
        return self is Kind.IMPORT_TRAFFIC

    @property
    def is_identity(self) -> bool:
        """True for calls of the identity service, which has errors and limits of its own."""
        return self in (Kind.CREATE_TOKEN, Kind.CREATE_TEMPORARY_KEY, Kind.LIST_PROJECTS)
