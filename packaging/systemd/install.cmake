# The service: where systemd looks for what packages bring.
include(GNUInstallDirs)
set(OOMWHY_SYSTEMD_DIR "lib" CACHE PATH "Where systemd/system, sysusers.d and tmpfiles.d are")
if(SYSTEMD_FOUND AND NOT OOMWHY_STATIC)
  foreach(unit IN ITEMS oomwhy-kmsg.service oomwhy-journal.service oomwhy-report.service)
    configure_file(packaging/systemd/${unit}.in ${CMAKE_BINARY_DIR}/${unit} @ONLY)
    install(FILES ${CMAKE_BINARY_DIR}/${unit} DESTINATION ${OOMWHY_SYSTEMD_DIR}/systemd/system)
  endforeach()
  install(FILES packaging/systemd/oomwhy-report.timer packaging/systemd/oomwhy-report-failed.service
    DESTINATION ${OOMWHY_SYSTEMD_DIR}/systemd/system)
  foreach(kind IN ITEMS sysusers tmpfiles)
    install(FILES packaging/systemd/oomwhy.${kind} RENAME oomwhy.conf
      DESTINATION ${OOMWHY_SYSTEMD_DIR}/${kind}.d)
  endforeach()
endif()
install(FILES packaging/examples/oomwhy.cron DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
