from reports.word.brief import write_brief
from reports.word.writer import write_document

__all__ = ["write_brief", "write_document"]
