/** Operators' commands that are run when an instance comes or goes. */
package io.understudy.ejb.hook;
