package org.centerloss.base;

/** What the JVM may use for objects, and what to say where that is too little. */
public final class JavaMemory {
    private JavaMemory() {}

    /**
     * Refuses what can never fit, before memory is taken for it.
     *
     * @param what it is for, which the message begins with
     * @param bytes that it takes at least
     * @throws InputException if the JVM may use fewer
     */
    public static void require(String what, long bytes) {
        if (bytes > Runtime.getRuntime().maxMemory()) {
            throw new InputException(
                    "%s: needs %d MB of memory: %s".formatted(what, bytes >> 20, remedy()));
        }
    }

    /** How much there is, and how to allow more. */
    public static String remedy() {
        return "the JVM may use %d MB for objects; CENTERLOSS_JAVA_OPTIONS=-Xmx8g, for one, allows 8 GB"
                .formatted(Runtime.getRuntime().maxMemory() >> 20);
    }
}
