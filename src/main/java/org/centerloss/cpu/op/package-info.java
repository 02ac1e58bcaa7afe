/** Operations in vectorising Java, but for those of distances. */
package org.centerloss.cpu.op;
