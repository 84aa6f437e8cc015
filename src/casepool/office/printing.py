"""How a sheet is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from casepool.office.entry import EntryForm

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet


def prepare_print(
    sheet: Worksheet, form: EntryForm, orientation: Literal["portrait", "landscape"], pages_wide: int
) -> None:
    """Set paper and margins, and the lines above and below every printed page."""
    from openpyxl.worksheet.header_footer import HeaderFooter, HeaderFooterItem
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.orientation = orientation
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = pages_wide, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.7

    header, footer = HeaderFooterItem(), HeaderFooterItem()
    header.left.text, header.right.text = form.title.replace("&", "&&"), form.mark  # the sign & starts a code
    footer.left.text, footer.right.text = form.subtitle.replace("&", "&&"), "&P / &N"
    sheet.HeaderFooter = HeaderFooter(oddHeader=header, oddFooter=footer)
