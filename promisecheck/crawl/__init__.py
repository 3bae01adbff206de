"""The door of the room: a company → what its site answered, politely and safely."""

from promisecheck.crawl.client import Client
from promisecheck.crawl.coverage import Coverage, Failure
from promisecheck.crawl.crawl import Crawl, Step
from promisecheck.crawl.frontier import Entry, Frontier, MemoryFrontier
from promisecheck.crawl.many import crawl_many, shards_of
from promisecheck.crawl.settings import CrawlSettings, Validators
from promisecheck.crawl.urls import key_of

__all__ = [
    "Client", "Coverage", "Crawl", "CrawlSettings", "Entry", "Failure", "Frontier", "MemoryFrontier", "Step",
    "Validators", "crawl_many", "key_of", "shards_of",
]  # fmt: skip
