"""What the files of selling platforms and rosters are: bytes in, canonical rows out."""
