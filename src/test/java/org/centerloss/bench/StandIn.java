package org.centerloss.bench;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** Puts itself between the benchmark and an interface of a device. */
public final class StandIn {
    /** Answers some calls; the real object answers those that it gives {@link #REAL} for. */
    public interface Answers {
        Object to(String method, Object[] arguments) throws Throwable;
    }

    public static final Object REAL = new Object();

    private StandIn() {}

    /** {@code real} behind the answers. */
    public static <T> T of(Class<T> type, T real, Answers answers) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (self, method, arguments) -> {
                            Object answer = answers.to(method.getName(), arguments);
                            return answer == REAL ? call(real, method, arguments) : answer;
                        }));
    }

    private static Object call(Object real, Method method, Object[] arguments) throws Throwable {
        try {
            method.setAccessible(true);
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
