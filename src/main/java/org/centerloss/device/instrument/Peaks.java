package org.centerloss.device.instrument;

/**
 * What a device can do at most, as measured on it.
 *
 * @param bytesPerSecond read and written by a copy of an array that is larger than any cache
 * @param flopsPerSecond float32 operations of multiply-adds, each counted as two: independent ones
 *     in registers on a GPU, those of a matrix product elsewhere
 */
public record Peaks(double bytesPerSecond, double flopsPerSecond) {}
