/**
 * Other ways of computing the operations that a device computes in its own: what that way is
 * measured against.
 */
package org.centerloss.baseline;
