"""Every port in memory: for programs that embed Aelus, and for tests. Nothing outlives the process."""

from aelus.adapters.memory.affinity import ExactAffinity
from aelus.adapters.memory.audit_log import MemoryAuditLog
from aelus.adapters.memory.cache import MemoryCache
from aelus.adapters.memory.clock import SettableClock, SystemClock
from aelus.adapters.memory.embedder import HashEmbedder
from aelus.adapters.memory.grant_store import MemoryGrantStore
from aelus.adapters.memory.graph_store import MemoryGraphStore
from aelus.adapters.memory.index_store import MemoryIndexStore
from aelus.adapters.memory.job_store import MemoryJobStore
from aelus.adapters.memory.key_store import MemoryKeyStore, MemoryOperatorStore
from aelus.adapters.memory.pacer import MemoryPacer
from aelus.adapters.memory.pushed_files import MemoryPushedFiles
from aelus.adapters.memory.queue import MemoryQueue
from aelus.adapters.memory.quota_store import MemoryQuotaStore, MemoryUsageStore
from aelus.adapters.memory.rate_limiter import MemoryRateLimiter
from aelus.adapters.memory.repository_store import MemoryRepositoryStore
from aelus.adapters.memory.request_tally import MemoryRequestTally
from aelus.adapters.memory.secret_store import MemoryDeliveryStore, MemorySecretStore
from aelus.adapters.memory.shard_store import MemoryShardStore
from aelus.adapters.memory.snapshots import MemorySnapshots
from aelus.adapters.memory.state import MemoryDatabase
from aelus.adapters.memory.tenant_store import MemoryTenantStore
from aelus.adapters.memory.token_stores import MemoryRevocationStore, MemorySigningKeyStore, NoIdentityProviders
from aelus.adapters.memory.user_store import MemoryUserStore
from aelus.adapters.memory.vector_backlog import MemoryVectorBacklog
from aelus.adapters.memory.vector_store import MemoryVectorStore
from aelus.adapters.memory.watcher import MemoryWatcher

__all__ = [
    "ExactAffinity",
    "HashEmbedder",
    "MemoryAuditLog",
    "MemoryCache",
    "MemoryDatabase",
    "MemoryDeliveryStore",
    "MemoryGrantStore",
    "MemoryGraphStore",
    "MemoryIndexStore",
    "MemoryJobStore",
    "MemoryKeyStore",
    "MemoryOperatorStore",
    "MemoryPacer",
    "MemoryPushedFiles",
    "MemoryQueue",
    "MemoryQuotaStore",
    "MemoryRateLimiter",
    "MemoryRepositoryStore",
    "MemoryRequestTally",
    "MemoryRevocationStore",
    "MemorySecretStore",
    "MemoryShardStore",
    "MemorySigningKeyStore",
    "MemorySnapshots",
    "MemoryTenantStore",
    "MemoryUsageStore",
    "MemoryUserStore",
    "MemoryVectorBacklog",
    "MemoryVectorStore",
    "MemoryWatcher",
    "NoIdentityProviders",
    "SettableClock",
    "SystemClock",
]
