"""Messages on their way out of the house: channels besides the inbox, through Apprise."""
