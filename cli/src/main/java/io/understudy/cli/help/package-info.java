/** The command about itself: what was wrong in a command line, completion, the manual page. */
package io.understudy.cli.help;
