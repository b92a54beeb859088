/** Groups: the shape of a pair. */
package io.understudy.web.group;
