from casepool.api.figures import forest_plot as forest_plot
from casepool.api.models import (
    Glmm as Glmm,
)
from casepool.api.models import (
    JointModel as JointModel,
)
from casepool.api.models import (
    binomial_interval as binomial_interval,
)
from casepool.api.models import (
    pool as pool,
)
from casepool.api.results import ExactResult as ExactResult
from casepool.api.results import GlmmResult as GlmmResult
from casepool.api.results import JointResult as JointResult
from casepool.checks.data import CheckReport as CheckReport
from casepool.counts_file.read import read_counts as read_counts
from casepool.extras import MissingPackageError as MissingPackageError
from casepool.model.configuration import Configuration as Configuration
from casepool.model.errors import (
    CasepoolError as CasepoolError,
)
from casepool.model.errors import (
    ConfigError as ConfigError,
)
from casepool.model.errors import (
    CuratedDataError as CuratedDataError,
)
from casepool.model.errors import (
    InconsistentError as InconsistentError,
)
from casepool.model.errors import (
    LinkageError as LinkageError,
)
from casepool.model.errors import (
    PrivacyError as PrivacyError,
)
from casepool.model.errors import (
    Problem as Problem,
)
from casepool.model.errors import (
    RenderError as RenderError,
)
from casepool.model.errors import (
    SourceDataError as SourceDataError,
)
from casepool.model.protocol import Protocol as Protocol
from casepool.project.loading import Project as Project
from casepool.project.loading import check as check
from casepool.project.loading import load_project as load_project

__version__: str
__all__ = [
    "CasepoolError",
    "CheckReport",
    "ConfigError",
    "Configuration",
    "CuratedDataError",
    "ExactResult",
    "Glmm",
    "GlmmResult",
    "InconsistentError",
    "JointModel",
    "JointResult",
    "LinkageError",
    "MissingPackageError",
    "PrivacyError",
    "Problem",
    "Project",
    "Protocol",
    "RenderError",
    "SourceDataError",
    "__version__",
    "binomial_interval",
    "check",
    "forest_plot",
    "load_project",
    "pool",
    "read_counts",
]
