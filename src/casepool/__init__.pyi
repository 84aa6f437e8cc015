from casepool.api.figures import forest_plot as forest_plot
from casepool.api.models import (
    Glmm as Glmm,
    JointModel as JointModel,
    binomial_interval as binomial_interval,
    pool as pool,
)
from casepool.api.plan import PlanResult as PlanResult, plan as plan
from casepool.api.results import ExactResult as ExactResult, GlmmResult as GlmmResult, JointResult as JointResult
from casepool.checks.data import CheckReport as CheckReport
from casepool.counts_file.read import read_counts as read_counts
from casepool.extras import MissingPackageError as MissingPackageError
from casepool.model.configuration import Configuration as Configuration
from casepool.model.errors import (
    CasepoolError as CasepoolError,
    ConfigError as ConfigError,
    CuratedDataError as CuratedDataError,
    FileError as FileError,
    InconsistentError as InconsistentError,
    LinkageError as LinkageError,
    NetworkError as NetworkError,
    PrivacyError as PrivacyError,
    Problem as Problem,
    RenderError as RenderError,
    StoredTableError as StoredTableError,
)
from casepool.model.protocol import Protocol as Protocol
from casepool.project.loading import Project as Project, check as check, load_project as load_project
from casepool.provenance.building import NotVerifiedError as NotVerifiedError
from casepool.provenance.lock import BuildRunningError as BuildRunningError

__version__: str
__all__ = [
    "BuildRunningError",
    "CasepoolError",
    "CheckReport",
    "ConfigError",
    "Configuration",
    "CuratedDataError",
    "ExactResult",
    "FileError",
    "Glmm",
    "GlmmResult",
    "InconsistentError",
    "JointModel",
    "JointResult",
    "LinkageError",
    "MissingPackageError",
    "NetworkError",
    "NotVerifiedError",
    "PlanResult",
    "PrivacyError",
    "Problem",
    "Project",
    "Protocol",
    "RenderError",
    "StoredTableError",
    "__version__",
    "binomial_interval",
    "check",
    "forest_plot",
    "load_project",
    "plan",
    "pool",
    "read_counts",
]
