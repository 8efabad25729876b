"""A whole case as one file: documents, every row as data, and checksums (BagIt, RFC 8493)."""

from records.archive.bag import Entry, stream_bag
from records.archive.case import archive_of, name_of_archive
from records.archive.rows import ARCHIVED, LEFT_OUT

__all__ = ["ARCHIVED", "LEFT_OUT", "Entry", "archive_of", "name_of_archive", "stream_bag"]
