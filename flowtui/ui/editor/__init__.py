"""The screen in which SQL is written. Imported when it is opened: nobody pays for it before."""
