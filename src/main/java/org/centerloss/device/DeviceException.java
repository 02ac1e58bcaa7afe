package org.centerloss.device;

/**
 * A device could not be opened or an operation failed on it. The message names the operation, the
 * library's own status where there is one, and what to do.
 */
public class DeviceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DeviceException(String message) {
        super(message);
    }

    public DeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}
