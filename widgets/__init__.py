"""The desk on screen: Qt widgets that draw what presenters say."""
