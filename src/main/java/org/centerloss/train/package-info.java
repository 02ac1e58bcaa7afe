/** Training, evaluation, checkpoints and run directories. */
package org.centerloss.train;
