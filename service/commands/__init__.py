"""The commands of `gongkai`: each module has a command's options and does it. They are loaded when they are called."""
