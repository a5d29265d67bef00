"""What leaves the house: workbooks and other files, made from plain dataclasses."""
