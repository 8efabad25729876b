from reports.word.writer import write_document

__all__ = ["write_document"]
