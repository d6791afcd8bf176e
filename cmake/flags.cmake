# One place for the flags that every target shares.
add_compile_definitions(_GNU_SOURCE)
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wvla -Wstrict-prototypes
  -Wmissing-prototypes -Wformat=2 -Wundef -Wwrite-strings -Wconversion -Wno-sign-conversion
  -fno-strict-overflow)
if(OOMWHY_WERROR)
  add_compile_options(-Werror)
endif()
