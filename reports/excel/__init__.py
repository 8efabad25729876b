from reports.excel.reader import MoneyProposal, SheetRead, compare_account, read_workbook
from reports.excel.writer import write_workbook

__all__ = ["MoneyProposal", "SheetRead", "compare_account", "read_workbook", "write_workbook"]
