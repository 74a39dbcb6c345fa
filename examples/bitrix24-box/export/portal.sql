-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)
--
-- Host: localhost    Database: portal
-- ------------------------------------------------------
/*!40101 SET NAMES utf8mb4 */;

--
-- Table structure for table `b_crm_act_bind`
--

DROP TABLE IF EXISTS `b_crm_act_bind`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
CREATE TABLE `b_crm_act_bind` (
  `ID` int(11) NOT NULL AUTO_INCREMENT,
  `ACTIVITY_ID` int(11) NOT NULL,
  `OWNER_ID` int(11) NOT NULL,
  `OWNER_TYPE_ID` int(11) NOT NULL,
  PRIMARY KEY (`ID`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_unicode_ci;

LOCK TABLES `b_crm_act_bind` WRITE;
/*!40000 ALTER TABLE `b_crm_act_bind` DISABLE KEYS */;
INSERT INTO `b_crm_act_bind` VALUES (1,501,15,1),(2,501,20,4),(3,502,31,2),(4,999,15,1);
/*!40000 ALTER TABLE `b_crm_act_bind` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `b_crm_company`
--

DROP TABLE IF EXISTS `b_crm_company`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
CREATE TABLE `b_crm_company` (
  `ID` int(11) NOT NULL AUTO_INCREMENT,
  `TITLE` varchar(255) COLLATE utf8mb3_unicode_ci DEFAULT NULL,
  `ASSIGNED_BY_ID` int(11) DEFAULT NULL,
  `OPENED` char(1) COLLATE utf8mb3_unicode_ci NOT NULL DEFAULT 'N',
  PRIMARY KEY (`ID`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_unicode_ci;

LOCK TABLES `b_crm_company` WRITE;
/*!40000 ALTER TABLE `b_crm_company` DISABLE KEYS */;
INSERT INTO `b_crm_company` VALUES (20,'Glow; Ltd.',5,'Y');
/*!40000 ALTER TABLE `b_crm_company` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `b_crm_contact`
--

DROP TABLE IF EXISTS `b_crm_contact`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
CREATE TABLE `b_crm_contact` (
  `ID` int(11) NOT NULL AUTO_INCREMENT,
  `NAME` varchar(255) COLLATE utf8mb3_unicode_ci DEFAULT NULL,
  `ASSIGNED_BY_ID` int(11) DEFAULT NULL,
  `OPENED` char(1) COLLATE utf8mb3_unicode_ci NOT NULL DEFAULT 'N',
  PRIMARY KEY (`ID`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_unicode_ci;

LOCK TABLES `b_crm_contact` WRITE;
/*!40000 ALTER TABLE `b_crm_contact` DISABLE KEYS */;
INSERT INTO `b_crm_contact` VALUES (10,'Conor O\'Hara',4,'N');
/*!40000 ALTER TABLE `b_crm_contact` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `b_crm_deal`
--

DROP TABLE IF EXISTS `b_crm_deal`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
CREATE TABLE `b_crm_deal` (
  `ID` int(11) NOT NULL AUTO_INCREMENT,
  `TITLE` varchar(255) COLLATE utf8mb3_unicode_ci DEFAULT NULL,
  `ASSIGNED_BY_ID` int(11) DEFAULT NULL,
  `OPENED` char(1) COLLATE utf8mb3_unicode_ci NOT NULL DEFAULT 'N',
  `STAGE_ID` varchar(255) COLLATE utf8mb3_unicode_ci DEFAULT NULL,
  `CATEGORY_ID` int(11) DEFAULT NULL,
  PRIMARY KEY (`ID`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_unicode_ci;

LOCK TABLES `b_crm_deal` WRITE;
/*!40000 ALTER TABLE `b_crm_deal` DISABLE KEYS */;
INSERT INTO `b_crm_deal` VALUES (30,'Lamps',3,'N','NEW',0),(31,'Chandelier\nfor the hall',4,'N','C3:WON',3),(32,'Bulbs',2,'Y','C4:NEW',4);
/*!40000 ALTER TABLE `b_crm_deal` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `b_crm_lead`
--

DROP TABLE IF EXISTS `b_crm_lead`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
CREATE TABLE `b_crm_lead` (
  `ID` int(11) NOT NULL AUTO_INCREMENT,
  `TITLE` varchar(255) COLLATE utf8mb3_unicode_ci DEFAULT NULL,
  `ASSIGNED_BY_ID` int(11) DEFAULT NULL,
  `OPENED` char(1) COLLATE utf8mb3_unicode_ci NOT NULL DEFAULT 'N',
  `STATUS_ID` varchar(255) COLLATE utf8mb3_unicode_ci DEFAULT NULL,
  PRIMARY KEY (`ID`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_unicode_ci;

LOCK TABLES `b_crm_lead` WRITE;
/*!40000 ALTER TABLE `b_crm_lead` DISABLE KEYS */;
INSERT INTO `b_crm_lead` VALUES (15,'Call me back',4,'N','NEW'),(16,'A fair',2,'Y','CONVERTED');
/*!40000 ALTER TABLE `b_crm_lead` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `b_crm_role`
--

DROP TABLE IF EXISTS `b_crm_role`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
CREATE TABLE `b_crm_role` (
  `ID` int(11) NOT NULL AUTO_INCREMENT,
  `NAME` varchar(255) COLLATE utf8mb3_unicode_ci DEFAULT NULL,
  PRIMARY KEY (`ID`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_unicode_ci;

LOCK TABLES `b_crm_role` WRITE;
/*!40000 ALTER TABLE `b_crm_role` DISABLE KEYS */;
INSERT INTO `b_crm_role` VALUES (1,'Seller'),(2,'Closed books');
/*!40000 ALTER TABLE `b_crm_role` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `b_crm_role_perms`
--

DROP TABLE IF EXISTS `b_crm_role_perms`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
CREATE TABLE `b_crm_role_perms` (
  `ID` int(11) NOT NULL AUTO_INCREMENT,
  `ROLE_ID` int(11) NOT NULL,
  `ENTITY` varchar(255) COLLATE utf8mb3_unicode_ci DEFAULT NULL,
  `FIELD` varchar(255) COLLATE utf8mb3_unicode_ci DEFAULT NULL,
  `FIELD_VALUE` varchar(255) COLLATE utf8mb3_unicode_ci DEFAULT NULL,
  `PERM_TYPE` varchar(255) COLLATE utf8mb3_unicode_ci DEFAULT NULL,
  `ATTR` varchar(255) COLLATE utf8mb3_unicode_ci DEFAULT NULL,
  PRIMARY KEY (`ID`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_unicode_ci;

LOCK TABLES `b_crm_role_perms` WRITE;
/*!40000 ALTER TABLE `b_crm_role_perms` DISABLE KEYS */;
INSERT INTO `b_crm_role_perms` VALUES (1,1,'LEAD','-',NULL,'READ','D'),(2,1,'LEAD','-',NULL,'ADD','A'),(3,1,'LEAD','-',NULL,'WRITE','A'),(4,1,'LEAD','-',NULL,'DELETE',''),(5,1,'LEAD','-',NULL,'EXPORT','X'),(6,1,'LEAD','-',NULL,'IMPORT',''),(7,1,'DEAL','-',NULL,'READ','D'),(8,1,'DEAL','-',NULL,'WRITE','A '),(9,1,'DEAL_C3','-',NULL,'READ','F'),(10,1,'CONTACT','-',NULL,'READ','O'),(11,1,'COMPANY','-',NULL,'READ','O'),(12,1,'DEAL','-',NULL,'HIDE_SUM','X'),(13,2,'DEAL','STAGE_ID','WON','READ',''),(14,2,'DEAL_C3','STAGE_ID','C3:WON','READ','A'),(15,2,'LEAD','STATUS_ID','CONVERTED','READ','A'),(16,2,'LEAD','-',NULL,'READ','Q');
/*!40000 ALTER TABLE `b_crm_role_perms` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `b_crm_role_relation`
--

DROP TABLE IF EXISTS `b_crm_role_relation`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
CREATE TABLE `b_crm_role_relation` (
  `ID` int(11) NOT NULL AUTO_INCREMENT,
  `ROLE_ID` int(11) NOT NULL,
  `RELATION` varchar(255) COLLATE utf8mb3_unicode_ci DEFAULT NULL,
  PRIMARY KEY (`ID`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_unicode_ci;

LOCK TABLES `b_crm_role_relation` WRITE;
/*!40000 ALTER TABLE `b_crm_role_relation` DISABLE KEYS */;
INSERT INTO `b_crm_role_relation` VALUES (1,1,'DR2'),(2,2,'U3'),(3,2,'AU');
/*!40000 ALTER TABLE `b_crm_role_relation` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `b_imopenlines_config`
--

DROP TABLE IF EXISTS `b_imopenlines_config`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
CREATE TABLE `b_imopenlines_config` (
  `ID` int(11) NOT NULL AUTO_INCREMENT,
  `LINE_NAME` varchar(255) COLLATE utf8mb3_unicode_ci DEFAULT NULL,
  `ACTIVE` char(1) COLLATE utf8mb3_unicode_ci NOT NULL DEFAULT 'N',
  `MODIFY_USER_ID` int(11) DEFAULT NULL,
  PRIMARY KEY (`ID`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_unicode_ci;

LOCK TABLES `b_imopenlines_config` WRITE;
/*!40000 ALTER TABLE `b_imopenlines_config` DISABLE KEYS */;
INSERT INTO `b_imopenlines_config` VALUES (1,'Сайт','Y',5),(2,'Telegram (sales)','N',0);
/*!40000 ALTER TABLE `b_imopenlines_config` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `b_imopenlines_queue`
--

DROP TABLE IF EXISTS `b_imopenlines_queue`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
CREATE TABLE `b_imopenlines_queue` (
  `ID` int(11) NOT NULL AUTO_INCREMENT,
  `CONFIG_ID` int(11) NOT NULL,
  `USER_ID` int(11) NOT NULL,
  PRIMARY KEY (`ID`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_unicode_ci;

LOCK TABLES `b_imopenlines_queue` WRITE;
/*!40000 ALTER TABLE `b_imopenlines_queue` DISABLE KEYS */;
INSERT INTO `b_imopenlines_queue` VALUES (1,1,6),(2,2,4),(3,2,7);
/*!40000 ALTER TABLE `b_imopenlines_queue` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `b_imopenlines_role`
--

DROP TABLE IF EXISTS `b_imopenlines_role`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
CREATE TABLE `b_imopenlines_role` (
  `ID` int(11) NOT NULL AUTO_INCREMENT,
  `NAME` varchar(255) COLLATE utf8mb3_unicode_ci DEFAULT NULL,
  `XML_ID` varchar(255) COLLATE utf8mb3_unicode_ci DEFAULT NULL,
  PRIMARY KEY (`ID`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_unicode_ci;

LOCK TABLES `b_imopenlines_role` WRITE;
/*!40000 ALTER TABLE `b_imopenlines_role` DISABLE KEYS */;
INSERT INTO `b_imopenlines_role` VALUES (1,'Администратор','ADMIN'),(2,'','MANAGER'),(3,'Reader',NULL);
/*!40000 ALTER TABLE `b_imopenlines_role` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `b_imopenlines_role_permission`
--

DROP TABLE IF EXISTS `b_imopenlines_role_permission`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
CREATE TABLE `b_imopenlines_role_permission` (
  `ID` int(11) NOT NULL AUTO_INCREMENT,
  `ROLE_ID` int(11) NOT NULL,
  `ENTITY` varchar(255) COLLATE utf8mb3_unicode_ci DEFAULT NULL,
  `ACTION` varchar(255) COLLATE utf8mb3_unicode_ci DEFAULT NULL,
  `PERMISSION` char(1) COLLATE utf8mb3_unicode_ci DEFAULT NULL,
  PRIMARY KEY (`ID`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_unicode_ci;

LOCK TABLES `b_imopenlines_role_permission` WRITE;
/*!40000 ALTER TABLE `b_imopenlines_role_permission` DISABLE KEYS */;
INSERT INTO `b_imopenlines_role_permission` VALUES (1,1,'LINES','VIEW','X'),(2,1,'LINES','MODIFY','X'),(3,1,'CONNECTORS','MODIFY','X'),(4,1,'SESSION','VIEW','X'),(5,1,'HISTORY','VIEW','X'),(6,1,'JOIN','PERFORM','X'),(7,1,'VOTE_HEAD','PERFORM','X'),(8,1,'SETTINGS','MODIFY','X'),(9,1,'QUICK_ANSWERS','MODIFY','X'),(10,2,'LINES','VIEW','X'),(11,2,'SESSION','VIEW','A'),(12,2,'HISTORY','VIEW','A'),(13,2,'JOIN','PERFORM','A'),(14,2,'SETTINGS','MODIFY',''),(15,3,'HISTORY','VIEW','D'),(16,3,'JOIN','PERFORM',''),(17,3,'VOTE_HEAD','PERFORM','A'),(18,3,'QUICK_ANSWERS','MODIFY','D'),(19,3,'KPI','MODIFY','X'),(20,3,'LINES','VIEW','Q');
/*!40000 ALTER TABLE `b_imopenlines_role_permission` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `b_imopenlines_role_access`
--

DROP TABLE IF EXISTS `b_imopenlines_role_access`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
CREATE TABLE `b_imopenlines_role_access` (
  `ID` int(11) NOT NULL AUTO_INCREMENT,
  `ROLE_ID` int(11) NOT NULL,
  `ACCESS_CODE` varchar(255) COLLATE utf8mb3_unicode_ci DEFAULT NULL,
  PRIMARY KEY (`ID`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_unicode_ci;

LOCK TABLES `b_imopenlines_role_access` WRITE;
/*!40000 ALTER TABLE `b_imopenlines_role_access` DISABLE KEYS */;
INSERT INTO `b_imopenlines_role_access` VALUES (1,1,'U5'),(2,2,'DR1'),(3,3,'IU3'),(4,3,'SG12_E'),(5,3,'CR');
/*!40000 ALTER TABLE `b_imopenlines_role_access` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `b_imopenlines_session`
--

DROP TABLE IF EXISTS `b_imopenlines_session`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
CREATE TABLE `b_imopenlines_session` (
  `ID` int(11) NOT NULL AUTO_INCREMENT,
  `CONFIG_ID` int(11) DEFAULT NULL,
  `OPERATOR_ID` int(11) DEFAULT NULL,
  `CHAT_ID` int(11) DEFAULT NULL,
  `CRM_ACTIVITY_ID` int(11) DEFAULT NULL,
  PRIMARY KEY (`ID`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_unicode_ci;

LOCK TABLES `b_imopenlines_session` WRITE;
/*!40000 ALTER TABLE `b_imopenlines_session` DISABLE KEYS */;
INSERT INTO `b_imopenlines_session` VALUES (1,1,6,101,501),(2,1,5,101,0),(3,2,4,102,502),(4,2,7,103,NULL),(5,2,0,104,0),(6,2,10,105,0);
/*!40000 ALTER TABLE `b_imopenlines_session` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `b_option`
--

DROP TABLE IF EXISTS `b_option`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
CREATE TABLE `b_option` (
  `MODULE_ID` varchar(50) NOT NULL,
  `NAME` varchar(50) NOT NULL,
  `VALUE` text,
  PRIMARY KEY (`MODULE_ID`,`NAME`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_unicode_ci;

LOCK TABLES `b_option` WRITE;
/*!40000 ALTER TABLE `b_option` DISABLE KEYS */;
INSERT INTO `b_option` VALUES ('main','server_name','lumen.example; it\'s (ours)');
/*!40000 ALTER TABLE `b_option` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `b_voximplant_phone`
--

DROP TABLE IF EXISTS `b_voximplant_phone`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
CREATE TABLE `b_voximplant_phone` (
  `ID` int(11) NOT NULL AUTO_INCREMENT,
  `USER_ID` int(11) NOT NULL,
  `PHONE_NUMBER` varchar(255) COLLATE utf8mb3_unicode_ci DEFAULT NULL,
  PRIMARY KEY (`ID`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_unicode_ci;

LOCK TABLES `b_voximplant_phone` WRITE;
/*!40000 ALTER TABLE `b_voximplant_phone` DISABLE KEYS */;
INSERT INTO `b_voximplant_phone` VALUES (1,4,'8 (495) 123-45-67'),(2,5,'105');
/*!40000 ALTER TABLE `b_voximplant_phone` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `b_voximplant_role`
--

DROP TABLE IF EXISTS `b_voximplant_role`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
CREATE TABLE `b_voximplant_role` (
  `ID` int(11) NOT NULL AUTO_INCREMENT,
  `NAME` varchar(255) COLLATE utf8mb3_unicode_ci DEFAULT NULL,
  PRIMARY KEY (`ID`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_unicode_ci;

LOCK TABLES `b_voximplant_role` WRITE;
/*!40000 ALTER TABLE `b_voximplant_role` DISABLE KEYS */;
INSERT INTO `b_voximplant_role` VALUES (1,'Listener'),(2,'Caller');
/*!40000 ALTER TABLE `b_voximplant_role` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `b_voximplant_role_access`
--

DROP TABLE IF EXISTS `b_voximplant_role_access`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
CREATE TABLE `b_voximplant_role_access` (
  `ID` int(11) NOT NULL AUTO_INCREMENT,
  `ROLE_ID` int(11) NOT NULL,
  `ACCESS_CODE` varchar(255) COLLATE utf8mb3_unicode_ci DEFAULT NULL,
  PRIMARY KEY (`ID`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_unicode_ci;

LOCK TABLES `b_voximplant_role_access` WRITE;
/*!40000 ALTER TABLE `b_voximplant_role_access` DISABLE KEYS */;
INSERT INTO `b_voximplant_role_access` VALUES (1,1,'D4'),(2,2,'G9'),(3,2,'D3'),(4,2,'CHAT7');
/*!40000 ALTER TABLE `b_voximplant_role_access` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `b_voximplant_role_permission`
--

DROP TABLE IF EXISTS `b_voximplant_role_permission`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
CREATE TABLE `b_voximplant_role_permission` (
  `ID` int(11) NOT NULL AUTO_INCREMENT,
  `ROLE_ID` int(11) NOT NULL,
  `ENTITY` varchar(255) COLLATE utf8mb3_unicode_ci DEFAULT NULL,
  `ACTION` varchar(255) COLLATE utf8mb3_unicode_ci DEFAULT NULL,
  `PERMISSION` char(1) COLLATE utf8mb3_unicode_ci DEFAULT NULL,
  PRIMARY KEY (`ID`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_unicode_ci;

LOCK TABLES `b_voximplant_role_permission` WRITE;
/*!40000 ALTER TABLE `b_voximplant_role_permission` DISABLE KEYS */;
INSERT INTO `b_voximplant_role_permission` VALUES (1,1,'CALL_DETAIL','VIEW','X'),(2,1,'CALL_RECORD','LISTEN','D'),(3,1,'CALL_RECORD','MODIFY',''),(4,1,'USER','MODIFY','D'),(5,1,'SETTINGS','MODIFY','X'),(6,1,'LINE','MODIFY','X'),(7,1,'BALANCE','MODIFY','A'),(8,2,'CALL','PERFORM','K'),(9,2,'CALL_DETAIL','VIEW','A'),(10,2,'CALL_RECORD','LISTEN','A');
/*!40000 ALTER TABLE `b_voximplant_role_permission` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `b_voximplant_statistic`
--

DROP TABLE IF EXISTS `b_voximplant_statistic`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
CREATE TABLE `b_voximplant_statistic` (
  `ID` int(11) NOT NULL AUTO_INCREMENT,
  `PORTAL_USER_ID` int(11) DEFAULT NULL,
  `PHONE_NUMBER` varchar(255) COLLATE utf8mb3_unicode_ci DEFAULT NULL,
  `CRM_ENTITY_TYPE` varchar(255) COLLATE utf8mb3_unicode_ci DEFAULT NULL,
  `CRM_ENTITY_ID` int(11) DEFAULT NULL,
  PRIMARY KEY (`ID`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_unicode_ci;

LOCK TABLES `b_voximplant_statistic` WRITE;
/*!40000 ALTER TABLE `b_voximplant_statistic` DISABLE KEYS */;
INSERT INTO `b_voximplant_statistic` VALUES (201,4,'+74951112233','LEAD',15),(202,6,'84952223344',NULL,NULL),(203,NULL,'74953334455','CONTACT',10),(204,3,'+49 30 901820','COMPANY',0);
/*!40000 ALTER TABLE `b_voximplant_statistic` ENABLE KEYS */;
UNLOCK TABLES;

-- Dump completed on 2026-02-10 12:00:00
