/** Members: who takes part in the cluster. */
package io.understudy.web.member;
