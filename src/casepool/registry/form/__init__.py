"""The data-collection form: spreadsheet, paper, REDCap dictionary, all from one schema."""
